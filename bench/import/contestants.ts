import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contestant } from '../support/interleave.ts';
import { git } from '../support/native-git.ts';
import { measureProcess, type Taken } from './measured-process.ts';
import type { Format } from './source-files.ts';

/** One way to bring the same pages in, from an empty folder to the commit. */
export interface Way {
  name: string;
  format: Format;
  /** Threads beside the main one; undefined: native git. */
  workers: number | undefined;
}

export const REFERENCE: Way = { name: 'git fast-import', format: 'fast-import', workers: undefined };

export const WAYS: readonly Way[] = [
  REFERENCE,
  ...(['csv', 'ndjson', 'zip'] as const).flatMap((format): Way[] => [
    { name: `${format.toUpperCase()}, one thread`, format, workers: 0 },
    { name: `${format.toUpperCase()}, two workers`, format, workers: 2 },
  ]),
];

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Arena {
  folder: string;
  sources: ReadonlyMap<Format, string>;
  /** Gets what each run took. */
  tell(way: Way, taken: Taken): void;
  /** Gets the tree of the commit, after the first run of a way. */
  checkTree(way: Way, tree: string): void;
}

export function contestantOf(way: Way, arena: Arena): Contestant {
  const target = join(arena.folder, 'target');
  const source = arena.sources.get(way.format) ?? '';
  return {
    name: way.name,
    async prepare() {
      mkdirSync(target);
      if (way.workers === undefined)
        await git(target, ['init', '--quiet', '--bare', '--initial-branch=main', '.']);
    },
    async run() {
      arena.tell(
        way,
        await (way.workers === undefined ? runGit(target, source) : runImport(target, source, way.workers)),
      );
    },
    async settle(round) {
      if (round === 0) arena.checkTree(way, await treeOf(way, target));
      rmSync(target, { recursive: true });
    },
  };
}

async function runGit(target: string, source: string): Promise<Taken> {
  const input = openSync(source, 'r');
  try {
    const stdio = [input, 'ignore', 'pipe'] as const;
    return await measureProcess('git', ['fast-import', '--quiet'], { cwd: target, stdio: [...stdio] });
  } finally {
    closeSync(input);
  }
}

function runImport(target: string, source: string, workers: number): Promise<Taken> {
  const args = ['import', source, '--data', target, '--workers', String(workers)];
  return measureProcess(process.execPath, [CLI, ...args]);
}

async function treeOf(way: Way, target: string): Promise<string> {
  const bare = way.workers === undefined ? target : join(target, 'exported.git');
  if (bare !== target) await measureProcess(process.execPath, [CLI, 'export', bare, '--data', target]);
  return (await git(bare, ['rev-parse', 'HEAD^{tree}'])).toString().trim();
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayPath } from '../../src/wiki/name/page-path.ts';
import { needs } from '../support/needs.ts';
import { exportTo } from '../support/repository.ts';
import { newWiki, type TestWiki } from './wiki-support.ts';

const NAMES = ['a', 'b', 'a/x', 'b/y z', 'ü', 'ü/q'];

type Step =
  | { kind: 'write' | 'edit' | 'delete'; page: string }
  | { kind: 'rename'; page: string; to: string; edited: number }
  | { kind: 'flush' };

const page = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('write', 'edit', 'edit', 'delete' as const), page }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('rename' as const),
      page,
      to: page,
      edited: fc.nat({ max: 10 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
);

/** Ten lines that no other text has, so that git sees no copies where there are none. */
function freshText(seed: number): string {
  return Array.from({ length: 10 }, (_, line) =>
    createHash('md5').update(`${seed}/${line}`).digest('hex'),
  ).join('\n');
}

/** A rename may change the first lines as well, in one commit. */
async function apply({ wiki, put, text, repository }: TestWiki, change: Step, seed: number): Promise<void> {
  if (change.kind === 'flush') {
    await repository.flusher.flush();
    return;
  }
  const before = await text(change.page).catch(() => undefined);
  if (change.kind === 'write') await put(change.page, freshText(seed));
  if (before === undefined) return;
  if (change.kind === 'edit')
    await put(change.page, `${before.replace(/^.*\n/, '')}\n[[${NAMES[seed % 6]}]] ${seed}`);
  if (change.kind === 'delete') await wiki.deletePage({ path: change.page });
  if (change.kind === 'rename') {
    const lines = before.split('\n');
    const content = [
      ...freshText(seed).split('\n').slice(0, change.edited),
      ...lines.slice(change.edited),
    ].join('\n');
    const { revision } = (await wiki.readPage(change.page)).body;
    const rename = { op: 'rename', path: change.page, newPath: change.to } as const;
    const edit = { op: 'put', path: change.to, content, revision } as const;
    await wiki.batch(change.edited > 0 ? [rename, edit] : [rename]).catch(() => undefined);
  }
}

describe('native git', () => {
  it('tells the same revisions, histories and changed pages', async ctx => {
    needs(ctx, 'git');
    const folder = await mkdtemp(join(tmpdir(), 'kittiwake-wiki-'));
    let runs = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async steps => {
          const test = await newWiki();
          for (const [index, change] of steps.entries()) await apply(test, change, index);
          if ((await test.messages()).length === 0) return;
          const bare = join(folder, String(runs++));
          await exportTo(test.repository, bare);
          await compare(test, bare);
        }),
        { numRuns: 25 },
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function compare({ wiki, files }: TestWiki, bare: string): Promise<void> {
  const git = (...args: string[]): string[] =>
    execFileSync('git', ['-c', 'core.quotepath=off', ...args], { cwd: bare, encoding: 'utf8' })
      .split('\n')
      .filter(Boolean);
  for (const file of await files()) {
    const { body } = await wiki.readPage(file);
    expect([body.revision]).toEqual(git('log', '-1', '--format=%H', 'HEAD', '--', file));
    const { history } = await wiki.pageHistory(file);
    expect(history.map(({ revision }) => revision)).toEqual(
      git('log', '--follow', '--format=%H', 'HEAD', '--', file),
    );
  }
  const { entries } = await wiki.changelog({ limit: 0 });
  const shown = git('log', '-M', '--name-status', '--format=%H', 'HEAD').reduce<string[][]>(
    (commits, line) => {
      const name = line.split('\t').at(-1) ?? '';
      if (/^[0-9a-f]{40}$/.test(line)) commits.push([line]);
      else commits.at(-1)?.push(displayPath(name, { retainPageNameCase: false }));
      return commits;
    },
    [],
  );
  const ours = entries.map(({ revision, pages_affected }) => [revision, ...[...pages_affected].sort()]);
  expect(ours).toEqual(shown.map(([revision = '', ...names]) => [revision, ...names.sort()]));
}

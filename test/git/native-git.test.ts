import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/git/doctor/doctor.ts';
import { type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeRun } from '../../src/git/upkeep/merge.ts';
import { needs } from '../support/needs.ts';
import { commitFiles, exportTo, newRepository } from '../support/repository.ts';

const NAMES = ['a.md', 'b.md', 'a', 'a-b', 'ü.md', '𝄞.md', 'a b.md'];

type Step =
  | { kind: 'write'; path: string; text: string }
  | { kind: 'remove'; pick: number }
  | { kind: 'move'; pick: number; path: string }
  | { kind: 'flush' | 'merge' | 'collect' | 'reopen' };

const name = fc.constantFrom(...NAMES);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('/'));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('write' as const), path, text: fc.string({ maxLength: 600 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), pick: fc.nat(), path }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('flush', 'merge', 'collect', 'reopen' as const) }),
  },
);

/** What the wiki should hold: text by path. */
type Model = Map<string, string>;

function clashes(model: Model, wanted: string): boolean {
  return [...model.keys()].some(each => each.startsWith(`${wanted}/`) || wanted.startsWith(`${each}/`));
}

async function apply(repository: LedgerRepository, model: Model, step: Step): Promise<LedgerRepository> {
  const paths = [...model.keys()].sort();
  if (step.kind === 'write') {
    if (clashes(model, step.path)) return repository;
    model.set(step.path, step.text);
    await commitFiles(repository, { [step.path]: step.text }, `write ${step.path}`);
  } else if (step.kind === 'remove' || step.kind === 'move') {
    const from = paths[step.pick % Math.max(paths.length, 1)];
    if (from === undefined) return repository;
    const text = model.get(from) ?? '';
    model.delete(from);
    const to = step.kind === 'move' && !clashes(model, step.path) ? step.path : undefined;
    if (to !== undefined) model.set(to, text);
    await commitFiles(repository, { [from]: null, ...(to === undefined ? {} : { [to]: text }) });
  } else if (step.kind === 'flush') await repository.flusher.flush();
  else if (step.kind === 'merge') {
    const ledger = await repository.ledger();
    if (ledger.packs.length > 1) await mergeRun(repository, ledger, ledger.packs.slice(0, 3));
  } else if (step.kind === 'collect')
    await collectGarbage(repository, { readerGraceMs: 0, orphanGraceMs: 0 });
  else {
    const { store, uuid, runtime } = repository;
    return openRepository({ store, uuid, runtime, flush: null });
  }
  return repository;
}

function git(folder: string, ...args: string[]): string {
  const options = {
    encoding: 'utf8' as const,
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
  };
  return execFileSync('git', ['-c', 'core.quotePath=false', '-C', folder, ...args], options);
}

async function compare(repository: LedgerRepository, model: Model, folder: string): Promise<void> {
  await exportTo(repository, folder);
  expect(git(folder, 'fsck', '--full', '--strict')).toBe('');
  const view = await repository.view();
  const listed = git(folder, 'ls-tree', '-r', '-z', '--name-only', 'HEAD').split('\0').filter(Boolean);
  expect(new Set(listed)).toEqual(new Set(model.keys()));
  expect((await view.files('')).map(file => file.path)).toEqual(
    listed.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
  for (const [each, text] of model) {
    const file = await view.file(each);
    expect(file?.commit).toBe(git(folder, 'log', '-1', '--format=%H', 'HEAD', '--', each).trim());
    expect((await view.blob(file?.oid ?? '')).toString()).toBe(text);
    const touches: string[] = [];
    for await (const touch of view.touches(each)) touches.push(touch.commit);
    // The literal pathspec of a file that once was a folder takes in what was below it.
    const lines = git(folder, 'log', '--format=%H', 'HEAD', '--', `:(literal)${each}`).trim().split('\n');
    expect(lines).toEqual(expect.arrayContaining(touches));
  }
  const log: string[] = [];
  for await (const entry of view.log()) log.push(entry.commit.oid);
  expect(log).toEqual(git(folder, 'log', '--format=%H', 'HEAD').trim().split('\n'));
  expect((await examine(repository)).findings).toEqual([]);
}

describe('native git', () => {
  it('accepts any history, and tells of it what the wiki tells', async ctx => {
    needs(ctx, 'git');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async steps => {
        const model: Model = new Map();
        let repository = await newRepository({ flush: null });
        for (const each of steps) repository = await apply(repository, model, each);
        if ((await repository.view()).head === undefined) return;
        const folder = await mkdtemp(join(tmpdir(), 'kittiwake-git-'));
        try {
          await compare(repository, model, folder);
        } finally {
          await rm(folder, { recursive: true });
        }
      }),
      { numRuns: Number(process.env.KITTIWAKE_RUNS ?? 12) },
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LedgerRepository } from '../../src/git/open.ts';
import type { LedgerView } from '../../src/git/view/view.ts';
import { commitFiles, newRepository } from '../support/repository.ts';

const TARGETS = ['p:a', 'p:a/b', 'p:a/b/c', 'p:ab', 'p:ä', 'p:\u{1f600}', 'p:\uffee', 'w:a'];
const FILES = ['a.md', 'b.md', 'c/d.md', 'c/e.md', 'f.md'];

/** A file's text is its targets; every other answer of the test is read out of it again. */
const describe = (_path: string, bytes: Buffer) => ({ facts: {}, targets: targetsIn(bytes) });
const targetsIn = (bytes: Buffer): string[] => bytes.toString().split(' ').filter(Boolean);

type Step =
  | { kind: 'commit'; files: Record<string, string | null> }
  | { kind: 'flush' }
  /** Asks a view again that is this many commits old. */
  | { kind: 'ask'; age: number };

const anyText = fc.option(
  fc.subarray(TARGETS).map(targets => targets.join(' ')),
  { nil: null },
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .dictionary(fc.constantFrom(...FILES), anyText, { minKeys: 1, noNullPrototype: true })
      .map(files => ({ kind: 'commit' as const, files })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) },
  { weight: 3, arbitrary: fc.nat(12).map(age => ({ kind: 'ask' as const, age })) },
);

test('who links to a target is answered as by reading every file, by new and old views alike', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async steps => {
      const repository = await newRepository({ describe, flush: null });
      const views: LedgerView[] = [await repository.view()];
      for (const step of steps) {
        if (step.kind === 'flush') await repository.flusher.flush();
        else if (step.kind === 'commit') await change(repository, step.files);
        if (step.kind !== 'ask') views.push(await repository.view());
        else await compare(views.at(-1 - (step.age % views.length)) as LedgerView);
      }
      for (const view of views.toReversed()) await compare(view);
    }),
    { numRuns: 60 },
  );
});

test('views that are asked at the same time do not disturb each other', async () => {
  const repository = await newRepository({ describe, flush: null });
  const views: LedgerView[] = [];
  for (const targets of [['p:a'], ['p:a/b'], ['p:a', 'p:ab'], []]) {
    await commitFiles(repository, { 'a.md': targets.join(' '), 'b.md': targets.slice(1).join(' ') });
    views.push(await repository.view());
  }
  await Promise.all([...views, ...views.toReversed()].map(compare));
});

test('a new target among many is found by its beginning', async () => {
  const repository = await newRepository({ describe, flush: null });
  const many = Array.from({ length: 100 }, (_, number) => `p:a/${number}`);
  await commitFiles(repository, { 'a.md': many.join(' ') });
  expect(await (await repository.view()).sources('p:a/', { prefix: true })).toEqual(['a.md']);
  await commitFiles(repository, { 'b.md': 'p:a/1x p:a', 'c.md': 'p:a/99/x' });
  const view = await repository.view();
  expect(await view.sources('p:a/1', { prefix: true })).toEqual(['a.md', 'b.md']);
  expect(await view.sources('p:a/', { prefix: true })).toEqual(['a.md', 'b.md', 'c.md']);
  expect(await view.sources('p:a/99/', { prefix: true })).toEqual(['c.md']);
});

/** Commits what of `files` changes anything. */
async function change(repository: LedgerRepository, files: Record<string, string | null>): Promise<void> {
  const there = new Set((await (await repository.view()).files('')).map(({ path }) => path));
  const kept = Object.entries(files).filter(([path, text]) => text !== null || there.has(path));
  if (kept.length > 0) await commitFiles(repository, Object.fromEntries(kept));
}

async function compare(view: LedgerView): Promise<void> {
  const targets = new Map<string, string[]>();
  for (const { path, oid } of view.head === undefined ? [] : await view.files(''))
    targets.set(path, targetsIn(await view.blob(oid)));
  for (const target of [...TARGETS, 'p:', 'p:a/', '']) {
    for (const prefix of [false, true]) {
      const wanted = [...targets].filter(([, all]) =>
        all.some(each => (prefix ? each.startsWith(target) : each === target)),
      );
      expect(await view.sources(target, { prefix })).toEqual(wanted.map(([path]) => path).sort());
    }
  }
}

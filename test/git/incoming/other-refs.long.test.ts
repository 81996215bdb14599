import { expect, test } from 'vitest';
import { collectGarbage } from '../../../src/git/upkeep/gc.ts';
import { pruneUnreachable } from '../../../src/git/upkeep/prune.ts';
import { rewriteMaps } from '../../../src/git/upkeep/rewrite-maps.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';
import { at, cloneOf, commit, expectSound, push } from './push-support.ts';

const BRANCH = 'refs/heads/draft';

async function withBranch() {
  const repository = await newRepository();
  const main = await commitFiles(repository, { 'a.md': 'one\n', 'b.md': 'one\n' });
  const copy = await cloneOf(repository);
  const branch = commit(copy, { 'a.md': 'on the branch\n', 'only-there.md': 'text\n' });
  await push(repository, copy, { updates: [{ ref: BRANCH, before: undefined, after: branch }] });
  return { repository, copy, main, branch };
}

test('a branch lands beside the main line, which stays', async () => {
  const { repository, main, branch } = await withBranch();
  expect((await repository.ledger(0)).refs).toEqual({ 'refs/heads/main': main, [BRANCH]: branch });
  expect(await (await repository.view()).file('only-there.md')).toBeUndefined();
  expect((await expectSound(repository)).sort()).toEqual([branch, main].sort());
});

test('what only a branch reaches survives writes, flushes, collections and prunings', async () => {
  const { repository, branch } = await withBranch();
  for (let n = 0; n < 5; n += 1) {
    await commitFiles(repository, { 'b.md': `${n}\n` });
    await repository.flusher.flush();
  }
  await pruneUnreachable(repository);
  await collectGarbage(repository, { orphanGraceMs: 0, readerGraceMs: 0 });
  await rewriteMaps(repository);
  expect(await expectSound(repository)).toContain(branch);
});

test('a branch that was removed leaves what nothing else reaches to be pruned, and can come again', async () => {
  const { repository, copy, branch } = await withBranch();
  await push(repository, copy, { updates: [{ ref: BRANCH, before: branch, after: undefined }] });
  expect((await pruneUnreachable(repository)).unreachable).toBeGreaterThan(0);
  expect(await expectSound(repository)).not.toContain(branch);
  await push(repository, copy, { updates: [{ ref: BRANCH, before: undefined, after: branch }] });
  expect(await expectSound(repository)).toContain(branch);
});

test('the main line may take over a branch that is there, without a pack', async () => {
  const { repository, main, branch } = await withBranch();
  const copy = await cloneOf(repository);
  const updates = [{ ref: 'refs/heads/main', before: main, after: branch }];
  expect(await push(repository, copy, { updates })).toEqual({ changed: true, commits: 1, head: branch });
  expect((await (await repository.view()).file('a.md'))?.commit).toBe(branch);
  await expectSound(repository);
});

test('an annotated tag lands with its object, and a commit of it with the main line in the same push', async () => {
  const repository = await newRepository();
  const before = await commitFiles(repository, { 'a.md': 'one\n' });
  const copy = await cloneOf(repository);
  const after = commit(copy, { 'a.md': 'two\n' });
  at(copy, 'tag', '-a', '-m', 'First', 'v1');
  const tag = at(copy, 'rev-parse', 'v1');
  const updates = [
    { ref: 'refs/heads/main', before, after },
    { ref: 'refs/tags/v1', before: undefined, after: tag },
  ];
  expect(await push(repository, copy, { updates })).toMatchObject({ changed: true, commits: 1 });
  expect((await repository.ledger(0)).refs['refs/tags/v1']).toBe(tag);
  await expectSound(repository);
});

test('a branch that is moved back and a tag that is removed need nothing to come', async () => {
  const { repository, copy, main, branch } = await withBranch();
  const back = [{ ref: BRANCH, before: branch, after: main }];
  expect(await push(repository, copy, { updates: back })).toMatchObject({ changed: true, commits: 0 });
  expect((await repository.ledger(0)).refs[BRANCH]).toBe(main);
  await expectSound(repository);
});

test('a wiki that has nothing but a branch keeps it', async () => {
  const repository = await newRepository();
  const source = await newRepository();
  await commitFiles(source, { 'a.md': 'one\n' });
  const copy = await cloneOf(source);
  const after = at(copy, 'rev-parse', 'HEAD');
  await push(repository, copy, { updates: [{ ref: BRANCH, before: undefined, after }] });
  await pruneUnreachable(repository);
  expect(await expectSound(repository)).toEqual([after]);
});

import { expect, test } from 'vitest';
import { commitFiles, newRepository } from '../../support/repository.ts';
import { at, cloneOf, commit, emptyCopy, expectSound, fetchInto, push } from './push-support.ts';

test('a commit that was pushed is the head, under its own id', async () => {
  const repository = await newRepository();
  await commitFiles(repository, { 'a.md': 'one\n', 'docs/b.md': 'two\n' });
  const copy = await cloneOf(repository);
  const head = commit(copy, { 'a.md': 'changed\n', 'docs/c.md': 'new\n' });
  expect(await push(repository, copy)).toEqual({ changed: true, commits: 1, head });
  const view = await repository.view();
  expect(view.head).toBe(head);
  expect((await view.file('a.md'))?.commit).toBe(head);
  expect((await view.blob((await view.file('docs/c.md'))?.oid ?? '')).toString()).toBe('new\n');
  await expectSound(repository);
});

test('a first push fills an empty wiki', async () => {
  const repository = await newRepository();
  const copy = emptyCopy();
  commit(copy, { 'a.md': 'one\n' });
  const head = commit(copy, { 'b/c.md': 'two\n' });
  expect(await push(repository, copy)).toEqual({ changed: true, commits: 2, head });
  expect(await expectSound(repository)).toHaveLength(2);
});

test('a push that is repeated changes nothing', async () => {
  const repository = await newRepository();
  const before = await commitFiles(repository, { 'a.md': 'one\n' });
  const copy = await cloneOf(repository);
  const after = commit(copy, { 'a.md': 'two\n' });
  const updates = [{ ref: 'refs/heads/main', before, after }];
  await push(repository, copy, { updates });
  const { stamp } = await repository.ledger(0);
  expect(await push(repository, copy, { updates })).toEqual({ changed: false, commits: 0, head: after });
  expect((await repository.ledger(0)).stamp).toEqual(stamp);
});

test('whoever merged the wiki into an own copy may push the merge, whose second parent the old head is', async () => {
  const repository = await newRepository();
  await commitFiles(repository, { 'a.md': 'one\n', 'b.md': 'one\n' });
  const copy = await cloneOf(repository);
  const own = commit(copy, { 'a.md': 'mine\n' });
  const theirs = await commitFiles(repository, { 'b.md': 'theirs\n' });
  await fetchInto(copy, repository);
  at(copy, 'merge', '--quiet', '-m', 'Merge', 'origin/main');
  const head = at(copy, 'rev-parse', 'HEAD');
  expect(await push(repository, copy)).toEqual({ changed: true, commits: 2, head });
  const view = await repository.view();
  expect((await view.commit(theirs))?.ordinal).toBe(1);
  expect((await view.commit(head))?.ordinal).toBe(2);
  expect((await view.commit(own))?.ordinal).toBe(-1);
  expect((await view.file('a.md'))?.commit).toBe(own);
  expect((await view.file('b.md'))?.commit).toBe(theirs);
  await commitFiles(repository, { 'a.md': 'later\n' });
  await expectSound(repository);
});

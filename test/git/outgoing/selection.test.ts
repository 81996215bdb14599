import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Selection } from '../../../src/git/outgoing/selection.ts';

const oid = (name: string) => createHash('sha1').update(name).digest('hex');

test('what the receiver has in the place of an object is found through all versions that are sent', () => {
  const selection = new Selection();
  for (let version = 3_000; version > 0; version -= 1)
    selection.add(oid(`version ${version}`), oid(`version ${version - 1}`));
  for (const index of [1_500, 0, 2_999, 0, 1_499])
    expect(selection.had(index), `version ${3_000 - index}`).toBe(oid('version 0'));
});

test('objects that replace one another have nothing that the receiver has', () => {
  const selection = new Selection();
  selection.add(oid('here'), oid('there'));
  selection.add(oid('there'), oid('here'));
  expect(selection.had(0)).toBeUndefined();
  expect(selection.had(1)).toBeUndefined();
});

test('new objects have no predecessor', () => {
  const selection = new Selection();
  selection.add(oid('new'));
  selection.add(oid('renewed'), oid('new'));
  expect(selection.had(0)).toBeUndefined();
  expect(selection.had(1)).toBeUndefined();
});

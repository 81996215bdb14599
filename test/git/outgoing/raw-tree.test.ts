import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differingPart, rawEntries } from '../../../src/git/outgoing/raw-tree.ts';

const entryBytes = ([name, id]: readonly [number, number]) =>
  Buffer.concat([Buffer.from(`100644 page-${String(name).padStart(3, '0')}\0`), Buffer.alloc(20, id)]);

const tree = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(0, 1, 255)), {
    selector: ([name]) => name,
    maxLength: 50,
  })
  .map(entries => entries.sort(([a], [b]) => a - b));

test('around the part of two trees that differs they are alike, and it is cut at entries', () => {
  fc.assert(
    fc.property(tree, tree, (old, now) => {
      const [before, after] = [old, now].map(entries => Buffer.concat(entries.map(entryBytes))) as [
        Buffer,
        Buffer,
      ];
      const { start, beforeEnd, afterEnd } = differingPart(before, after);
      expect(before.subarray(0, start)).toEqual(after.subarray(0, start));
      expect(before.subarray(beforeEnd)).toEqual(after.subarray(afterEnd));
      const known = new Set([...rawEntries(before, start, beforeEnd)].map(each => each.front + each.oid));
      const changed = [...rawEntries(after, start, afterEnd)].filter(
        each => !known.has(each.front + each.oid),
      );
      const all = new Set([...rawEntries(before)].map(each => each.front + each.oid));
      expect(changed).toEqual([...rawEntries(after)].filter(each => !all.has(each.front + each.oid)));
    }),
  );
});

test('of trees of thousands of entries the one that differs is found', () => {
  const names = Array.from({ length: 5_000 }, (_, name) => [name, 1] as const);
  const before = Buffer.concat(names.map(entryBytes));
  const after = Buffer.concat(names.map(([name]) => entryBytes([name, name === 3_210 ? 2 : 1])));
  const { start, beforeEnd, afterEnd } = differingPart(before, after);
  expect([...rawEntries(after, start, afterEnd)].map(each => each.front)).toEqual(['100644 page-3210']);
  expect([beforeEnd - start, afterEnd - start]).toEqual([37, 37]);
});

import { expect, test } from 'vitest';
import type { PackEntry } from '../../src/git/pack/pack-entry.ts';
import { encodeIndex, PackIndex } from '../../src/git/pack/pack-index.ts';

test('ids that begin alike are in order, with what belongs to each', () => {
  const oids = Array.from({ length: 500 }, (_, n) => `abcdef12${(n * 7919).toString(16).padStart(32, '0')}`);
  const entries = oids.map(
    (oid, n): PackEntry => ({ oid, offset: 12 + 100 * n, length: 100, crc: n, type: 'blob' }),
  );
  const found = [...PackIndex.parse(encodeIndex(entries.toReversed(), '00'.repeat(20))).entries()];
  expect(found).toEqual(entries.map(({ oid, offset, crc }) => ({ oid, offset, crc })));
});

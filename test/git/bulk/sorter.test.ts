import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sorter } from '../../../src/git/bulk/sort/sorter.ts';
import { scratchFolder } from './bulk-support.ts';

async function sorted(entries: readonly [Uint8Array, number][], arenaBytes: number) {
  const sorter = new Sorter(join(scratchFolder(), 'sort'), arenaBytes);
  for (const [key, number] of entries) await sorter.add(key, Buffer.from(String(number)));
  const found: [string, number][] = [];
  for await (const batch of sorter.sorted()) {
    for (const { bytes, start, middle, end } of batch)
      found.push([bytes.toString('hex', start, middle), Number(bytes.toString('utf8', middle, end))]);
  }
  await sorter.close();
  return found;
}

const key = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.constantFrom('', 'a', 'ab', 'path/to', 'path/to/x').map(text => Buffer.from(text)),
);

test('entries come by the bytes of their keys, equal ones as they were added, in memory or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(key, { maxLength: 200 }),
      fc.constantFrom(40, 500, 1 << 20),
      async (keys, arenaBytes) => {
        const entries = keys.map((each, at): [Uint8Array, number] => [each, at]);
        const wanted = entries
          .toSorted(([a, i], [b, k]) => Buffer.compare(a, b) || i - k)
          .map(([each, at]) => [Buffer.from(each).toString('hex'), at]);
        expect(await sorted(entries, arenaBytes)).toEqual(wanted);
      },
    ),
    { numRuns: 60 },
  );
});

test('an entry larger than all memory for sorting is kept', async () => {
  const large = Buffer.alloc(300_000, 7);
  const found = await sorted(
    [
      [large, 1],
      [Buffer.from('a'), 2],
      [Buffer.from([1]), 3],
    ],
    1000,
  );
  expect(found.map(([, number]) => number)).toEqual([3, 1, 2]);
});

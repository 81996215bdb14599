import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chain, firstOf, gather } from '../../src/git/layer/maybe-promise.ts';
import { mergeSorted, overlay } from '../../src/git/layer/sorted-merge.ts';
import type { BlockSlot } from '../../src/git/map/block-cache.ts';
import { BlockCache } from '../../src/git/map/block-cache.ts';
import { openBlock } from '../../src/git/map/map-block.ts';
import { sealBlock } from '../../src/git/map/map-block-seal.ts';
import { packBlocks, readMapIndex, unpackBlocks } from '../../src/git/map/map-index.ts';
import { EMPTY, openMap } from './map-support.ts';

const byNumber = (a: number, b: number): number => a - b;
const anySet = fc.uniqueArray(fc.nat(60)).map(list => list.sort(byNumber));

test('an overlay is the sorted union, with the upper element where both have one', () => {
  fc.assert(
    fc.property(anySet, anySet, (upper, lower) => {
      const tag = (list: number[], from: string) => list.map(key => ({ key, from }));
      const merged = overlay(tag(upper, 'upper'), tag(lower, 'lower'), (a, b) => a.key - b.key);
      const union = [...new Set([...upper, ...lower])].sort(byNumber);
      expect(merged).toEqual(union.map(key => ({ key, from: upper.includes(key) ? 'upper' : 'lower' })));
    }),
  );
});

test('a merge of sorted inputs meets each key once, with the elements of all inputs that have it', () => {
  fc.assert(
    fc.property(fc.array(anySet, { maxLength: 4 }), inputs => {
      const groups = [...mergeSorted(inputs, byNumber)];
      const keys = [...new Set(inputs.flat())].sort(byNumber);
      expect(groups).toEqual(keys.map(key => inputs.flatMap(input => (input.includes(key) ? [key] : []))));
    }),
  );
});

test('block references survive packing', () => {
  const anyRef = fc.record({
    bytes: fc.nat(),
    separator: fc.uint8Array({ maxLength: 30 }).map(bytes => Buffer.from(bytes)),
  });
  fc.assert(
    fc.property(fc.array(anyRef), refs => {
      expect(unpackBlocks(packBlocks(refs))).toEqual(refs);
    }),
  );
});

function slot(weight: number): BlockSlot {
  const content = Buffer.concat([Buffer.from([0, 0]), Buffer.alloc(0)]);
  const block = openBlock(sealBlock(content, 1, 0), 0);
  Object.defineProperty(block, 'weight', { value: weight });
  return { block, used: false };
}

test('the cache lets go what was used longest ago, and a block larger than itself at once', () => {
  const cache = new BlockCache(100);
  const [a, b, c] = [slot(40), slot(40), slot(40)];
  for (const each of [a, b]) cache.admit(each);
  a.used = true;
  cache.admit(c);
  expect([a.block, b.block, c.block].map(block => block !== undefined)).toEqual([true, false, true]);
  expect(cache.bytes).toBe(80);
  const large = slot(101);
  cache.admit(large);
  expect(large.block).toBeUndefined();
  expect(cache.bytes).toBeLessThanOrEqual(100);
});

test('the cache never holds more than it may', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(5))), steps => {
      const cache = new BlockCache(100);
      const slots: BlockSlot[] = [];
      for (const [weight, use] of steps) {
        const made = slot(weight);
        slots.push(made);
        cache.admit(made);
        const used = slots.at(-use);
        if (used) used.used = true;
        const held = slots.reduce((sum, each) => sum + (each.block?.weight ?? 0), 0);
        expect(held).toBe(cache.bytes);
        expect(held).toBeLessThanOrEqual(100);
      }
    }),
  );
});

test('the index at the end of a file is read from a tail that is long enough', () => {
  const { file, index } = openMap({ ...EMPTY, descriptions: [{ path: 'a', json: '{}' }] });
  const few = readMapIndex(file.subarray(-10), 'm');
  expect(few).toEqual({ neededBytes: 16 });
  const more = readMapIndex(file.subarray(-20), 'm');
  if (!('neededBytes' in more)) throw new Error('a tail of 20 bytes was enough');
  expect(readMapIndex(file.subarray(-more.neededBytes), 'm')).toEqual(index);
});

test('values that are there are handed on at once, without a promise', async () => {
  expect(chain(1, value => value + 1)).toBe(2);
  expect(gather([1, 2])).toEqual([1, 2]);
  expect(await gather([1, Promise.resolve(2)])).toEqual([1, 2]);
});

test('the first answer wins although a later source fails, and all are asked once one has to wait', async () => {
  const asked: number[] = [];
  const ask = (answers: readonly unknown[]) =>
    firstOf([0, 1, 2], at => {
      asked.push(at);
      const answer = answers[at];
      if (answer instanceof Error) throw answer;
      return answer as string;
    });
  expect(ask([undefined, 'b', 'c'])).toBe('b');
  expect(asked.splice(0)).toEqual([0, 1]);
  expect(await ask([Promise.resolve('a'), new Error('late'), Promise.reject(new Error('later'))])).toBe('a');
  expect(asked.splice(0)).toEqual([0, 1, 2]);
  await expect(ask([Promise.resolve(undefined), new Error('needed'), 'c'])).rejects.toThrow('needed');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Layers } from '../../src/git/layer/layers.ts';
import { BlockCache } from '../../src/git/map/block-cache.ts';
import { mergeMaps } from '../../src/git/map/map-merge.ts';
import { scanMapFile } from '../../src/git/map/map-scan.ts';
import { anyHistory, play } from './history-model.ts';
import { ask, expected } from './layer-questions.ts';
import { openMap, SMALL_BLOCKS } from './map-support.ts';

const anySetting = fc.record({
  small: fc.boolean(),
  sync: fc.boolean(),
  cacheBytes: fc.constantFrom(0, 2_000, 1 << 20),
});

test('a stack of maps answers every question like the history it was made from', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, anySetting, async (history, { small, sync, cacheBytes }) => {
      const { layers, state } = play(history);
      const cache = new BlockCache(cacheBytes);
      const options = { sync, cache, ...(small ? { limits: SMALL_BLOCKS } : {}) };
      const stack = new Layers(layers.map(({ contents }) => openMap(contents, options).layer));
      const right = expected(state);
      expect(await ask(stack, state)).toEqual(right);
      // Again, with warm caches.
      expect(await ask(stack, state)).toEqual(right);
    }),
    { numRuns: 40 },
  );
});

test('merging any run of maps changes no answer', async () => {
  const anyRun = fc.tuple(fc.nat(5), fc.nat(5));
  await fc.assert(
    fc.asyncProperty(anyHistory, anyRun, async (history, [one, other]) => {
      const { layers, state } = play(history);
      const count = layers.length;
      const [from, to] = [Math.min(one % count, other % count), Math.max(one % count, other % count) + 1];
      const files = layers.map(({ contents }) => openMap(contents, { limits: SMALL_BLOCKS }).file);
      const inputs = files.slice(from, to).map((file, at) => scanMapFile(`map-${at}`, file).contents);
      const merged = mergeMaps(inputs, { bottom: to === count });
      const contents = [
        ...layers.slice(0, from).map(layer => layer.contents),
        merged,
        ...layers.slice(to).map(layer => layer.contents),
      ];
      const stack = new Layers(contents.map(each => openMap(each, { limits: SMALL_BLOCKS }).layer));
      expect(await ask(stack, state)).toEqual(expected(state));
    }),
    { numRuns: 40 },
  );
});

test('a merge down to the bottom keeps nothing that only hides', () => {
  fc.assert(
    fc.property(anyHistory, history => {
      const { layers, state } = play(history);
      const merged = mergeMaps(
        layers.map(layer => layer.contents),
        { bottom: true },
      );
      expect([...merged.rows].filter(({ row }) => row.kind === 'gone')).toEqual([]);
      expect([...merged.rows].filter(({ row }) => row.kind === 'file')).toHaveLength(state.files.size);
      expect([...merged.descriptions].filter(({ json }) => json === null)).toEqual([]);
      expect([...merged.links].filter(({ present }) => !present)).toEqual([]);
    }),
  );
});

test('no layers know nothing', async () => {
  const none = new Layers([]);
  expect(none.row('', 'a')).toBeUndefined();
  expect(none.rows('')).toEqual([]);
  expect(none.files('')).toEqual([]);
  expect(none.descriptions()).toEqual([]);
  expect(none.sources('', true)).toEqual([]);
  expect(none.resolve('abcd')).toEqual([]);
  expect(none.logLength).toBe(0);
  expect(await Array.fromAsync(none.log())).toEqual([]);
});

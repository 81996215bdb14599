import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import type { Layer } from '../../src/git/layer/layer.ts';
import { openBlock } from '../../src/git/map/map-block.ts';
import { sealBlock } from '../../src/git/map/map-block-seal.ts';
import { scanMapFile } from '../../src/git/map/map-scan.ts';
import { blockSeed } from '../../src/git/map/map-section-writer.ts';
import { encodeMap } from '../../src/git/map/map-writer.ts';
import { anyHistory, play, sha1 } from './history-model.ts';
import { EMPTY, openMap, SMALL_BLOCKS } from './map-support.ts';

/** Each question on its own: what it answers, or the code and section of what it throws. */
async function answers(layer: Layer, oid: string): Promise<unknown[]> {
  const questions: (() => unknown)[] = [
    () => layer.row('', 'a'),
    () => layer.rows(''),
    () => layer.rows('a'),
    () => layer.descriptions(),
    () => layer.description('a'),
    () => layer.links('', true),
    () => layer.touches('a'),
    () => layer.log(0, layer.logLength),
    () => layer.findCommit(oid),
    () => layer.commit?.(oid),
    () => layer.resolve(oid.slice(0, 5)),
  ];
  return Promise.all(
    questions.map(async question => {
      try {
        return await question();
      } catch (error) {
        if (!isKittiwakeError(error, 'map_corrupt')) throw error;
        return { corrupt: error.data };
      }
    }),
  );
}

function isReport(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'corrupt' in answer;
}

const anyDamage = fc.array(fc.record({ at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) }), {
  minLength: 1,
  maxLength: 3,
});

test('flipped bits are reported and never answered with', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, anyDamage, fc.boolean(), async (history, flips, sync) => {
      const contents = play(history).layers[0]?.contents ?? EMPTY;
      const whole = openMap(contents, { limits: SMALL_BLOCKS });
      const damage = (file: Buffer) => {
        const copy = Buffer.from(file);
        for (const { at, bits } of flips) {
          const position = at % file.length;
          copy[position] = (copy[position] ?? 0) ^ bits;
        }
        return copy;
      };
      const damaged = openMap(contents, { limits: SMALL_BLOCKS, sync, damage });
      const oid = [...contents.log][0]?.oid ?? sha1('none');
      const right = await answers(whole.layer, oid);
      const got = await answers(damaged.layer, oid);
      for (const [at, answer] of got.entries()) if (!isReport(answer)) expect(answer).toEqual(right[at]);
      const all = () => [...scanAll(damaged.file)];
      if (!damaged.file.equals(whole.file)) expect(all).toThrow(/map "whole" found/);
    }),
    { numRuns: 150 },
  );
});

function* scanAll(file: Buffer): Generator<unknown> {
  const { contents } = scanMapFile('whole', file);
  for (const part of Object.values(contents)) yield* part;
  // Not part of the contents: positions follow from the log.
  const { bytes } = encodeMap(contents, SMALL_BLOCKS);
  if (!Buffer.concat(bytes).equals(file)) throw new Error('map "whole" found to differ');
}

test('a damaged block is named by map and section', async () => {
  const { layers } = play([[[{ kind: 'write', path: 'a', seed: 1 }]]]);
  const contents = layers[0]?.contents ?? EMPTY;
  const { layer } = openMap(contents, { damage: file => Buffer.alloc(file.length) });
  const failed = answers(layer, sha1('x'));
  const report = (section: string) => ({ corrupt: { map: 'map-test', section } });
  expect(await failed).toEqual(
    [
      'rows',
      'rows',
      'rows',
      'descriptions',
      'descriptions',
      'links',
      'touches',
      'log',
      'commits',
      'commits',
      'commits',
    ].map(report),
  );
});

test('a file that is too short is reported', async () => {
  const { layers } = play([[[{ kind: 'write', path: 'a', seed: 1 }]]]);
  const contents = layers[0]?.contents ?? EMPTY;
  const whole = openMap(contents).file;
  for (let length = 0; length < whole.length; length += 7) {
    expect(() => scanMapFile('short', whole.subarray(0, length))).toThrow(/section "index" of map "short"/);
    const { layer } = openMap(contents, { damage: file => file.subarray(0, Math.min(length, 20)) });
    expect((await answers(layer, sha1('x'))).every(isReport)).toBe(true);
  }
});

test('a block is not taken for one of another section or position', () => {
  const content = Buffer.from([1, 1, 65, 66]);
  const stored = sealBlock(content, 1, blockSeed('rows', 3));
  expect(openBlock(stored, blockSeed('rows', 3)).keyText(0)).toBe('A');
  expect(() => openBlock(stored, blockSeed('rows', 4))).toThrow('checksum');
  expect(() => openBlock(stored, blockSeed('links', 3))).toThrow('checksum');
});

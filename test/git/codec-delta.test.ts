import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import { applyDelta, createDelta, type DeltaOp, deltaFromEdits } from '../../src/git/pack/delta.ts';

const corrupt = expect.objectContaining({ code: 'delta_corrupt' });

/** A text, and what a few edits made of it. */
const versions = fc
  .tuple(
    fc.array(fc.string({ maxLength: 60 }), { maxLength: 60 }),
    fc.array(fc.tuple(fc.nat(60), fc.nat(6), fc.array(fc.string({ maxLength: 60 }), { maxLength: 4 })), {
      maxLength: 5,
    }),
  )
  .map(([lines, edits]) => {
    const edited = [...lines];
    for (const [at, remove, insert] of edits) edited.splice(at, remove, ...insert);
    return [Buffer.from(lines.join('\n')), Buffer.from(edited.join('\n'))] as const;
  });

describe('a delta', () => {
  it('makes the target of the base, and is smaller than the target', () => {
    fc.assert(
      fc.property(versions, ([base, target]) => {
        const delta = createDelta(base, target);
        if (!delta) return;
        expect(delta.length).toBeLessThan(target.length);
        expect(applyDelta(base, delta)).toEqual(target);
      }),
      { numRuns: 500 },
    );
  });

  it('of unrelated bytes, of nothing and of something tiny is none', () => {
    expect(createDelta(randomBytes(10_000), randomBytes(10_000))).toBeUndefined();
    expect(createDelta(randomBytes(100), Buffer.alloc(0))).toBeUndefined();
    expect(createDelta(Buffer.alloc(0), Buffer.alloc(0))).toBeUndefined();
    expect(createDelta(Buffer.from('a'), Buffer.from('a'))).toBeUndefined();
  });

  it('of a page with one changed line is little more than the line', () => {
    const lines = Array.from({ length: 200 }, () => randomBytes(20).toString('hex'));
    const base = Buffer.from(lines.join('\n'));
    const target = Buffer.from(lines.with(100, 'another line').join('\n'));
    expect(createDelta(base, target)?.length).toBeLessThan(40);
  });

  it('finds what was moved, and what repeats', () => {
    const [a, b] = [randomBytes(3_000), randomBytes(3_000)];
    const moved = createDelta(Buffer.concat([a, b]), Buffer.concat([b, a]));
    expect(moved?.length).toBeLessThan(30);
    const repeated = createDelta(a, Buffer.concat([a, a, a, a]));
    expect(repeated && applyDelta(a, repeated)).toEqual(Buffer.concat([a, a, a, a]));
    expect(repeated?.length).toBeLessThan(40);
  });

  it('is found in bounded time where every block looks alike', () => {
    const base = Buffer.alloc(300_000, 'ab');
    const target = Buffer.alloc(300_000, 'abc');
    const delta = createDelta(base, target);
    if (delta) expect(applyDelta(base, delta)).toEqual(target);
  });

  it.each([0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0x10001, 0xffffff, 0x1000000, 0x1000001, 0x2000000])(
    'copies 0x%s bytes exactly',
    size => {
      const base = Buffer.alloc(size + 300, 7);
      base.fill('begin', 0, 300);
      const delta = deltaFromEdits(base.length, [{ copy: [300, 300 + size] }, { copy: [0, 5] }], size + 5);
      expect(applyDelta(base, delta).equals(Buffer.concat([base.subarray(300), Buffer.from('begin')]))).toBe(
        true,
      );
    },
  );

  it('of known steps makes what they say, however they are cut', () => {
    const base = randomBytes(5_000);
    const range = fc
      .tuple(fc.nat(5_000), fc.nat(5_000))
      .map(pair => pair.toSorted((a, b) => a - b) as [number, number]);
    const step: fc.Arbitrary<DeltaOp> = fc.oneof(
      range.map(copy => ({ copy })),
      fc.uint8Array({ maxLength: 400 }).map(insert => ({ insert })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        const parts = steps.map(each => ('copy' in each ? base.subarray(...each.copy) : each.insert));
        const target = Buffer.concat(parts);
        expect(applyDelta(base, deltaFromEdits(base.length, steps, target.length))).toEqual(target);
      }),
      { numRuns: 300 },
    );
  });

  it('joins copies that follow each other and splits long inserts', () => {
    const insert = randomBytes(300);
    const steps = [
      { copy: [0, 10] },
      { copy: [10, 20] },
      { insert: insert.subarray(0, 100) },
      { insert: insert.subarray(100) },
    ] as const;
    // Two sizes, one copy of two bytes, and 300 bytes behind three length bytes.
    expect(deltaFromEdits(20, steps, 320)).toHaveLength(1 + 2 + 2 + 303);
  });
});

describe('a delta that is wrong', () => {
  it.each([
    ['is empty', Buffer.alloc(0)],
    ['ends in its header', Buffer.from([0x05, 0x80])],
    ['has a header without end', Buffer.alloc(40, 0xff)],
    ['is for another base', Buffer.from([4, 1, 1, 65])],
    ['holds the reserved instruction', Buffer.from([5, 1, 0])],
    ['ends in an insert', Buffer.from([5, 4, 4, 65])],
    ['ends in a copy', Buffer.from([5, 4, 0x91, 0])],
    ['copies beyond the base', Buffer.from([5, 4, 0x91, 2, 4])],
    ['copies from beyond the base', Buffer.from([5, 4, 0x9f, 255, 255, 255, 255, 4])],
    ['makes less than it promises', Buffer.from([5, 4, 0x90, 3])],
    ['makes more than it promises', Buffer.from([5, 4, 0x90, 5])],
    ['promises 128 GiB', Buffer.from([5, 0x80, 0x80, 0x80, 0x80, 0x80, 0x04, 0x90, 5])],
  ])('because it %s is refused', (_, delta) => {
    expect(() => applyDelta(Buffer.from('hello'), delta)).toThrow(corrupt);
  });

  it('because its result is above the limit is refused', () => {
    const base = Buffer.alloc(1_000);
    const delta = deltaFromEdits(1_000, [{ copy: [0, 1_000] }, { copy: [0, 1_000] }], 2_000);
    expect(() => applyDelta(base, delta, { maxBytes: 1_999 })).toThrow(corrupt);
    expect(applyDelta(base, delta, { maxBytes: 2_000 })).toHaveLength(2_000);
  });

  it('by damage is refused or makes as much as it promises', () => {
    const base = randomBytes(2_000);
    const target = Buffer.concat([base.subarray(500), randomBytes(300), base.subarray(0, 900)]);
    const delta = createDelta(base, target) ?? Buffer.alloc(0);
    const flips = fc.array(fc.tuple(fc.nat(delta.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, fc.integer({ min: 1, max: delta.length }), (damage, length) => {
        const damaged = Buffer.from(delta.subarray(0, length));
        for (const [at, value] of damage) if (at < length) damaged[at] = value;
        try {
          expect(applyDelta(base, damaged, { maxBytes: 1 << 20 }).length).toBeLessThanOrEqual(1 << 20);
        } catch (error) {
          expect(isKittiwakeError(error, 'delta_corrupt')).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageText } from '../../bench/support/page-text.ts';
import { deflateMany } from '../../src/git/object/deflate-many.ts';

const AT = 5;
const out = Buffer.alloc(1 << 20);

/** The streams of contents that come one after the other; none takes more than was told. */
function streamsOf(contents: readonly Uint8Array[]): Buffer[] {
  const deflate = deflateMany();
  return contents.map(content => {
    out.fill(0xaa);
    const end = deflate.into(content, out, AT);
    expect(end - AT).toBeLessThanOrEqual(deflate.maxBytes(content.length));
    expect(out.subarray(0, AT)).toEqual(Buffer.alloc(AT, 0xaa));
    return Buffer.from(out.subarray(AT, end));
  });
}

const repetitive = fc
  .tuple(
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }),
    fc.array(fc.nat(), { maxLength: 400 }),
  )
  .map(([parts, picks]) => Buffer.concat(picks.map(pick => parts[pick % parts.length] ?? new Uint8Array())));
const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  repetitive,
  fc.string({ unit: 'grapheme', maxLength: 3_000 }).map(text => Buffer.from(text)),
);

describe('contents that are deflated one after the other', () => {
  test('inflate to what they were', () => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 40 }), contents => {
        const inflated = streamsOf(contents).map(stream => inflateSync(stream));
        expect(inflated.map(String)).toEqual(contents.map(each => String(Buffer.from(each))));
        expect(inflated.every((bytes, index) => bytes.equals(contents[index] ?? Buffer.of()))).toBe(true);
      }),
    );
  });

  test.each([0, 1, 2, 3, 4, 5, 11, 8_191, 8_192, 8_193, 100_000])(
    'inflate when they have %i bytes',
    length => {
      const contents = [
        Buffer.alloc(length),
        Buffer.from(Array.from({ length }, (_, index) => (index * index * 31) >> 3)),
        Buffer.from('abcdefgh'.repeat(Math.ceil(length / 8)).slice(0, length)),
      ];
      for (const [index, stream] of streamsOf(contents).entries())
        expect(inflateSync(stream).equals(contents[index] ?? Buffer.of())).toBe(true);
    },
  );

  test('take no more than stored where nothing is alike', () => {
    const noise = Buffer.from(
      Array.from({ length: 4_000 }, (_, index) => Math.imul(index, 0x9e3779b1) >>> 11),
    );
    const pages = Array.from({ length: 30 }, (_, seed) => Buffer.from(pageText({ seed, bytes: 1_000 })));
    expect(streamsOf([...pages, noise]).at(-1)?.length).toBeLessThanOrEqual(noise.length + 11);
  });

  test('take about what zlib takes where they are alike', () => {
    const pages = Array.from({ length: 1_000 }, (_, seed) => Buffer.from(pageText({ seed, bytes: 1_000 })));
    const bytes = (streams: readonly Buffer[]) => streams.reduce((sum, { length }) => sum + length, 0);
    expect(bytes(streamsOf(pages))).toBeLessThan(bytes(pages.map(page => deflateSync(page))) * 1.1);
  });
});

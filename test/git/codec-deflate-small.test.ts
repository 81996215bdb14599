import { randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deflateSmall, SMALL_STREAM_BYTES } from '../../src/git/object/deflate-small.ts';

describe('a zlib stream made for few bytes', () => {
  it('inflates to what it was made of, whatever that is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: SMALL_STREAM_BYTES }), bytes => {
        expect(inflateSync(deflateSmall(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('inflates to texts with repetitions near and far, long and short', () => {
    const words = fc.constantFrom(
      'tree ',
      'parent ',
      'a',
      'aaaa',
      'Kittiwake <kittiwake@localhost>\n',
      '\0\xff',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 32 }), parts => {
        const bytes = Buffer.from(parts.join(''), 'latin1');
        expect(inflateSync(deflateSmall(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([1, 2, 3, 4, 5, 257, 258, 259, 260, 261, 262, 263, 517, SMALL_STREAM_BYTES])(
    'inflates to a run of %i equal bytes',
    length => {
      const run = Buffer.alloc(length, 'x');
      expect(inflateSync(deflateSmall(run))).toEqual(run);
    },
  );

  it('finds a repetition at every distance', () => {
    for (let gap = 0; gap < SMALL_STREAM_BYTES - 16; gap += 1) {
      const filler = Buffer.from(Array.from({ length: gap }, (_, at) => 128 + ((at * 7) % 100)));
      const bytes = Buffer.concat([Buffer.from('repeated'), filler, Buffer.from('repeated')]);
      expect(inflateSync(deflateSmall(bytes))).toEqual(bytes);
    }
  });

  it('takes no match from what it was given before', () => {
    const first = randomBytes(64);
    deflateSmall(Buffer.concat([first, first]));
    expect(inflateSync(deflateSmall(first))).toEqual(first);
  });

  it('is smaller than a commit by a quarter', () => {
    const id = (seed: string) => Buffer.from(seed.repeat(20).slice(0, 20)).toString('hex');
    const who = 'Kittiwake <kittiwake@localhost> 1763712345 +0000';
    const lines = [`tree ${id('one')}`, `parent ${id('two')}`, `author ${who}`, `committer ${who}`];
    const commit = Buffer.from(`${lines.join('\n')}\n\n[api] Update: Docs/Intro\n`);
    expect(deflateSmall(commit).length).toBeLessThan(commit.length * 0.75);
  });
});

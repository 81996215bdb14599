import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countWords, isSpace } from '../../src/wiki/name/python-text.ts';

/** Word by word, as `str.split()` goes about it. */
function split(text: string): string[] {
  const words = [''];
  for (const unit of text.split('')) {
    if (isSpace(unit.charCodeAt(0))) words.push('');
    else words[words.length - 1] += unit;
  }
  return words.filter(Boolean);
}

const piece = fc.constantFrom(
  'a',
  'Zwei',
  ' ',
  '\n',
  '\t',
  '\x1c',
  '\x7f',
  '\u00a0',
  '\u2003',
  'é',
  '語',
  '😀',
  '\0',
);

test('words are those that Python splits a text into, in every script', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
      const text = pieces.join('');
      expect(countWords(text)).toBe(split(text).length);
    }),
  );
});

test.each(['word ', 'wörd '])('a long text has as many words: "%s"', word => {
  for (const count of [3_275, 3_278, 20_000]) expect(countWords(word.repeat(count))).toBe(count);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText, placedWords, wordsOf } from '../../../src/projection/ranked/words.ts';
import { SPECIAL_CHARACTERS } from '../random-pages.ts';

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'B', ' ', 'é', '_', '1', ...SPECIAL_CHARACTERS),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

describe('words', () => {
  it.each([
    ['Sea-birds of St. Kilda_2', ['sea', 'birds', 'of', 'st', 'kilda', '2']],
    ['Ærø, Über, naïve, Škoda', ['ærø', 'uber', 'naive', 'skoda']],
    ['İstanbul ISTANBUL ﬁne FINE', ['istanbul', 'istanbul', 'fine', 'fine']],
    ['ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
    ['東京tower', ['東', '京', 'tower']],
    ['がぎ', ['が', 'ぎ']],
    ['한국어 위키', ['한국어', '위키']],
    ['हिन्दी', ['हिन्दी']],
    ['a\0b', ['a', 'b']],
    ['!? … "', []],
  ])('of %j are %j', (source, words) => {
    expect(wordsOf(source)).toEqual(words);
  });

  it('are cut to 64 characters, never within one', () => {
    expect(wordsOf('a'.repeat(100))).toEqual(['a'.repeat(64)]);
    expect(wordsOf(`${'a'.repeat(63)}𝒳é`)[0]).toHaveLength(64);
  });

  it('are what stands at their places, whatever the text', () => {
    fc.assert(
      fc.property(text, source => {
        const placed = [...placedWords(source)];
        expect(placed.map(({ word }) => word)).toEqual(wordsOf(source));
        for (const { word, start, end } of placed) expect(wordsOf(source.slice(start, end))).toEqual([word]);
      }),
    );
  });

  it('hold nothing that FTS5 would cut, and are words again', () => {
    fc.assert(
      fc.property(text, source => {
        for (const word of wordsOf(source)) {
          expect(word).not.toMatch(/[\0-/:-@[-`{-\x7f]/);
          expect(word.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('fold a text as they fold its words', () => {
    expect(foldText('Élan VITAL')).toBe('elan vital');
  });
});

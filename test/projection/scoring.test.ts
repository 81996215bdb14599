import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundToCents, scorePage } from '../../src/projection/scoring.ts';
import { parseQuery } from '../../src/projection/search-query.ts';
import { needs } from '../support/needs.ts';
import { SPECIAL_CHARACTERS } from './random-pages.ts';
import { askPython, pythonRound } from './reference-search.ts';

const score = (query: string, name: string, body: string) => scorePage(parseQuery(query), name, body);

describe('scorePage', () => {
  it('gives a hit in the text alone half of a hit in the title', () => {
    expect(score('Term', 'name', 'a term')).toBe(0.5);
    expect(score('Term', 'the term', 'nothing')).toBe(1);
    expect(score('Term', 'name', 'nothing')).toBeUndefined();
  });

  it('joins terms by or, and adds for the whole query', () => {
    expect(score('one two', 'x', 'two')).toBe(0.12);
    expect(score('one two', 'x', 'two one')).toBe(0.25);
    expect(score('one two', 'x', 'one two')).toBe(0.5);
    expect(score('one two', 'one', '')).toBe(0.38);
    expect(score('one two', 'one two', '')).toBe(1);
  });

  it('counts occurrences that do not overlap, and no more than two for each term', () => {
    expect(score('aa bb cc', 'x', 'aaa')).toBe(0.08);
    expect(score('aa bb cc', 'x', 'aaaa')).toBe(0.17);
    expect(score('aa bb cc', 'x', 'aa '.repeat(50))).toBe(0.5);
  });

  it('counts a term that the query repeats each time', () => {
    expect(score('aa aa', 'x', 'aa')).toBe(0.25);
  });
});

describe('roundToCents', () => {
  it('rounds halves to the even hundredth', () => {
    expect([0.125, 0.375, 0.625, 0.875].map(roundToCents)).toEqual([0.12, 0.38, 0.62, 0.88]);
  });

  it('rounds by the exact binary value, as the plain definition does', () => {
    const quotient = fc
      .tuple(fc.nat(400), fc.integer({ min: 1, max: 100 }))
      .map(([points, count]) => Math.min(1, points / (4 * count)));
    fc.assert(
      fc.property(fc.oneof(quotient, fc.double({ min: 0.001, max: 1, noNaN: true })), value => {
        expect(roundToCents(value)).toBe(pythonRound(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('equals Python for every score that is possible', ctx => {
    needs(ctx, 'python3');
    const values: number[] = [];
    for (let count = 1; count <= 100; count += 1) {
      for (let points = 0; points <= 4 * count; points += 1) values.push(points / (4 * count));
    }
    expect(values.map(roundToCents)).toEqual(askPython({ values }).rounded);
  });
});

describe('lower case', () => {
  it('equals that of Python for every character that its Unicode has', ctx => {
    needs(ctx, 'python3');
    const { everyCharacter } = askPython({ everyCharacter: true });
    expect(everyCharacter.map(([text]) => text.toLowerCase())).toEqual(
      everyCharacter.map(([, lowered]) => lowered),
    );
  });

  it('equals that of Python where it depends on the neighbours', ctx => {
    needs(ctx, 'python3');
    const unit = fc.constantFrom('Σ', 'Σ', 'Α', 'a', '1', ' ', '.', ...SPECIAL_CHARACTERS);
    const texts = fc.sample(fc.string({ unit, maxLength: 12 }), { numRuns: 5_000, seed: 7 });
    expect(texts.map(text => text.toLowerCase())).toEqual(askPython({ texts }).lowered);
  });
});

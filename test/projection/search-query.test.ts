import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../src/projection/search-query.ts';
import { trigramMatch } from '../../src/projection/trigram-match.ts';

describe('parseQuery', () => {
  it('splits at what Python takes for white space', () => {
    expect(parseQuery(' One\x1cTWO\u3000three\ufefffour\x85 ')).toEqual({
      text: 'One\x1cTWO\u3000three\ufefffour',
      whole: 'one\x1ctwo\u3000three\ufefffour',
      terms: ['one', 'two', 'three\ufefffour'],
    });
  });

  it('refuses a query of white space', () => {
    expect(() => parseQuery(' \x1f\u3000')).toThrow("Query parameter 'q' is required");
  });

  it('refuses queries over the limits, naming them', () => {
    expect(parseQuery('🙂'.repeat(1_000)).terms).toHaveLength(1);
    expect(() => parseQuery('a'.repeat(1_001))).toThrow('the query has 1001 characters, the limit is 1000');
    expect(() => parseQuery('a '.repeat(101))).toThrow('the query has 101 terms, the limit is 100');
  });

  it('replaces half a surrogate pair, which no stored text can hold', () => {
    expect(parseQuery('a\ud800b').whole).toBe('a\ufffdb');
  });
});

describe('trigramMatch', () => {
  it('asks for all trigrams of one of the terms', () => {
    expect(trigramMatch(['abcd', 'x"y'])).toBe('("abc" AND "bcd") OR ("x""y")');
  });

  it('cuts between characters, not between halves of them', () => {
    expect(trigramMatch(['🙂a🙂b'])).toBe('("🙂a🙂" AND "a🙂b")');
  });

  it('knows no answer for terms of one or two characters', () => {
    expect(trigramMatch(['abc', '🙂🙂'])).toBeUndefined();
  });

  it('asks for a dozen trigrams of a long term, its first and its last among them', () => {
    const term = Array.from({ length: 200 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
    const asked = trigramMatch([term])?.match(/"[^"]+"/g) ?? [];
    expect(asked).toHaveLength(12);
    expect([asked[0], asked[11]]).toEqual([`"${term.slice(0, 3)}"`, `"${term.slice(-3)}"`]);
  });
});

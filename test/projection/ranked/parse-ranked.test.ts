import { describe, expect, it } from 'vitest';
import { parseRanked } from '../../../src/projection/ranked/parse-ranked.ts';

const leavesOf = (text: string) =>
  parseRanked(text).leaves.map(
    ({ field, words, prefix }) => `${field}:${words.join('+')}${prefix ? '*' : ''}`,
  );

describe('parseRanked', () => {
  it('takes words together unless OR stands between them, which binds less', () => {
    expect(parseRanked('a b OR c AND d').root).toEqual({
      kind: 'or',
      parts: [
        { kind: 'and', parts: [leaf(0), leaf(1)] },
        { kind: 'and', parts: [leaf(2), leaf(3)] },
      ],
    });
  });

  it('excludes what follows a minus or NOT, a group too', () => {
    const not = (index: number) => ({ kind: 'not', part: leaf(index) });
    expect(parseRanked('a -b NOT c').root).toEqual({ kind: 'and', parts: [leaf(0), not(1), not(2)] });
    expect(parseRanked('-(a OR b)').root).toMatchObject({ kind: 'not', part: { kind: 'or' } });
  });

  it.each([
    ['sea-bird', ['any:sea+bird']],
    ['"St. Kilda"', ['any:st+kilda']],
    ['"st kil"*', ['any:st+kil*']],
    ['title:Kil* heading:"a b"', ['title:kil*', 'heading:a+b']],
    ['東京', ['any:東+京']],
    ['a A "a" a', ['any:a']],
    ['and "OR" - & c++', ['any:and', 'any:or', 'any:c']],
    ['https://example.org', ['any:https+example+org']],
    ['tern(gull)', ['any:tern', 'any:gull']],
  ])('reads %j', (text, leaves) => {
    expect(leavesOf(text)).toEqual(leaves);
  });

  it('reads filters, whose values are folded', () => {
    expect(parseRanked('path:/Docs/ tag:"Sea Birds" category:É*').root).toEqual({
      kind: 'and',
      parts: [
        { kind: 'filter', filter: { field: 'path', value: 'docs/', prefix: false } },
        { kind: 'filter', filter: { field: 'tag', value: 'sea birds', prefix: false } },
        { kind: 'filter', filter: { field: 'category', value: 'e', prefix: true } },
      ],
    });
  });

  it.each([
    ['gull "tern', 6, 'the phrase that begins here needs a closing quote'],
    ['gull OR', 8, 'a word, a phrase in quotes or "(" must stand here'],
    ['OR gull', 1, 'a word, a phrase in quotes or "(" must stand here'],
    ['🙂 (gull', 3, 'the "(" here needs a ")"'],
    ['gull)', 5, 'this ")" closes nothing'],
    ['()', 2, 'a word, a phrase in quotes or "(" must stand here'],
    ['gull titel:x', 6, 'there is no field "titel", did you mean "title:"?'],
    ['title: x', 7, 'a word or a phrase in quotes must follow "title:"'],
    ['gu*ll', 3, 'a "*" may only end a word'],
    ['a*', 1, 'a beginning needs 2 characters before the "*"'],
    ['!!', 1, 'it holds no letter or digit to search for'],
    ['tag:""', 1, 'the value of "tag:" is empty'],
    [`${'('.repeat(17)}a${')'.repeat(17)}`, 18, 'it is nested deeper than 16 levels'],
    [`"${'a '.repeat(65)}"`, 1, 'this phrase has 65 words, the limit is 64'],
  ])('refuses %j, saying where and what would be right', (text, position, reason) => {
    const refusal = expect.objectContaining({
      code: 'query_invalid',
      message: expect.stringContaining(`at character ${position}: ${reason}`),
      data: { position },
    });
    expect(() => parseRanked(text)).toThrow(refusal);
  });

  it('refuses queries that are blank or over the limits', () => {
    expect(() => parseRanked(' ')).toThrow("Query parameter 'q' is required");
    expect(() => parseRanked('a'.repeat(1_001))).toThrow('the query has 1001 characters, the limit is 1000');
    expect(() => parseRanked('ab '.repeat(33))).toThrow('the query has 33 terms, the limit is 32');
    expect(() => parseRanked('-'.repeat(1_000))).toThrow(expect.objectContaining({ code: 'query_invalid' }));
  });
});

function leaf(index: number) {
  return { kind: 'leaf', index };
}

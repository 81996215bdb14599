import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../src/import/pipeline/text/pattern.ts';

function refuse(wanted: string): never {
  throw new SyntaxError(wanted);
}

/** Patterns of the part that both understand. */
const pattern: fc.Arbitrary<string> = fc.letrec<{ node: string }>(tie => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      'a',
      'b',
      'c',
      '.',
      '\\d',
      '\\w',
      '\\S',
      '\\W',
      '[ab]',
      '[^a]',
      '[a-c1]',
      '[\\d-]',
      '\\.',
      '-',
      'é',
      '^',
      '$',
    ),
    fc.tuple(tie('node'), tie('node')).map(parts => parts.join('')),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'))
      .map(([node, times]) => `(${node})${times}`),
  ),
})).node;
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', '1', '-', '.', 'é', '\n', '\u{1f41f}'),
  maxLength: 12,
});

describe('a pattern', () => {
  it('matches what JavaScript’s own regular expressions match', () => {
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 5 }), (source, texts) => {
        const matches = compilePattern(source, refuse);
        const real = new RegExp(source, 'u');
        for (const one of texts) expect([one, matches(one)]).toEqual([one, real.test(one)]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not look at case when it begins with (?i)', () => {
    expect(compilePattern('(?i)^grÜn$', refuse)('GRüN')).toBe(true);
    expect(compilePattern('^grün$', refuse)('GRÜN')).toBe(false);
  });

  it('takes time in proportion to the text where backtracking would take for ever', () => {
    const evil = 'a'.repeat(100_000);
    expect(compilePattern('^(a+)+$', refuse)(`${evil}!`)).toBe(false);
    expect(compilePattern('(a|a)*(a|a)*(a|a)*b', refuse)(evil)).toBe(false);
    expect(compilePattern('^(a?){40}a{40}$', refuse)('a'.repeat(40))).toBe(true);
  });

  it('keeps a bounded number of states, however many there could be', () => {
    const random = fc.sample(
      fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 3_000, maxLength: 3_000 }),
      { seed: 7, numRuns: 1 },
    );
    const source = '(a|b)*a(a|b){14}$';
    expect(compilePattern(source, refuse)(random[0] ?? '')).toBe(new RegExp(source).test(random[0] ?? ''));
  });

  it.each([
    ['(a', 'closed'],
    ['a)', 'opened'],
    ['[a', 'close a class'],
    ['*', 'follow what is to be repeated'],
    ['a**', 'without a group'],
    ['(?=a)', '(…) or (?:…)'],
    ['(a)\\1', 'no meaning'],
    ['\\bword', 'no meaning'],
    ['a{9999}', 'at most 500'],
    ['(a{400}){400}', 'simpler'],
    ['(((((){500}){500}){500}){500}){500}', 'simpler'],
    ['[z-a]', 'a later one'],
    ['a\\', 'no meaning'],
    ['('.repeat(40), 'nested'],
  ])('%s is refused', (source, reason) => {
    expect(() => compilePattern(source, refuse)).toThrow(reason);
  });
});

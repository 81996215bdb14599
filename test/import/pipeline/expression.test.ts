import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../src/import/pipeline/text/expression.ts';
import type { Cell } from '../../../src/import/row.ts';

const row = {
  status: 'published',
  price: '12.5',
  count: 3,
  tags: ['birds', 'sea'],
  none: null,
  blank: '',
  'Page Title': 'Gulls',
  yes: true,
  author: { name: 'Anna' },
  constructor: 'own',
} as Record<string, Cell>;

function passes(source: string, values = row): boolean {
  return compileExpression(source).passes(values);
}

describe('a filter', () => {
  it.each([
    ['status == "published"', true],
    ["status == 'draft' or price > 12", true],
    ['status != "draft" and not (count < 3)', true],
    ['not status == "published" or count == 3', true],
    ['price > 9', true],
    ['price > "9"', false],
    ['status > 1', false],
    ['status < 1', false],
    ['count == "3"', true],
    ['tags contains "sea"', true],
    ['tags contains "se"', false],
    ['status contains "lish"', true],
    ['status in ("draft", "published")', true],
    ['count in (1, 2)', false],
    ['empty(none) and empty(blank) and empty(absent)', true],
    ['empty(tags)', false],
    ['none == blank', true],
    ['[Page Title] == "Gulls"', true],
    ['author.name == "Anna"', true],
    ['lower(trim(" A ")) == "a"', true],
    ['upper(status) == "PUBLISHED"', true],
    ['length(tags) == 2 and length(status) == 9', true],
    ['default(absent, "x") == "x"', true],
    ['status matches "^pub.*ed$"', true],
    ['yes == true', true],
    ['true', true],
    ['status == "pub\\"" or false', false],
    ['constructor == "own"', true],
  ])('%s: %s', (source, expected) => {
    expect(passes(source)).toBe(expected);
  });

  it('binds "not" most, then "and", then "or"', () => {
    const flag = fc.boolean();
    fc.assert(
      fc.property(flag, flag, flag, (a, b, c) => {
        expect(passes(`not ${a} and ${b} or ${c}`)).toBe((!a && b) || c);
        expect(passes(`${a} or ${b} and not ${c}`)).toBe(a || (b && !c));
      }),
    );
  });

  it('fails a row without the column, with the name that is near', () => {
    expect(() => passes('statsu == "x"')).toThrow('did you mean "status"?');
    expect(() => passes('toString == "x"')).toThrow('no column "toString"');
  });

  it.each([
    ['status', 'a comparison must follow'],
    ['status = "x"', 'a comparison must follow'],
    ['status == ', 'must stand here'],
    ['status == "x', 'the quote must be closed'],
    ['status == "x" status', '"and", "or" or its end'],
    ['(status == "x"', '")" must follow'],
    ['lowr(status) == "x"', 'did you mean "lower"?'],
    ['status matches "("', 'closed'],
    ['status in "x"', '"(" must follow'],
    [`${'('.repeat(50)}true`, 'nested'],
    [`${'not '.repeat(50)}true`, 'nested'],
    [`${'lower('.repeat(50)}a`, 'nested'],
    ['', 'must stand here'],
  ])('%s is refused, with the character', (source, reason) => {
    expect(() => passes(source)).toThrow(reason);
    expect(() => passes(source)).toThrow(/at character \d+/);
  });

  it('of any text is compiled or refused, and never hangs', () => {
    const part = fc.constantFrom(
      'not ',
      'and ',
      'or ',
      '(',
      ')',
      'a',
      ' == ',
      '"x"',
      '1',
      ' in ',
      ',',
      'empty',
      ' matches ',
      '[',
      ']',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), parts => {
        try {
          compileExpression(parts.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'pipeline_invalid' });
        }
      }),
    );
  });
});

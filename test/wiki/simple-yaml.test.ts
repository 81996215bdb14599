import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSimpleMapping } from '../../src/wiki/markup/simple-yaml.ts';
import { readYamlMapping } from '../../src/wiki/markup/yaml-mapping.ts';

describe('simple frontmatter', () => {
  it('is read without the YAML library', () => {
    const yaml = [
      'title: The Iran: it’s "so"'.replace(': it', ' – it'),
      'category: Foo',
      '# a comment',
      'tags: [a, b c, 3, yes]',
      'draft: no',
      'date: 2026-03-09',
      'quoted: "a: b # c"',
      "single: 'it, too'",
      'url: https://example.org/#x',
      'empty:',
      'list:',
      '  - one',
      '',
      '  - "2"',
      'flat:',
      '- x',
      'none: []  ',
    ].join('\n');
    const simple = readSimpleMapping(yaml);
    expect(simple).toEqual(readYamlMapping(yaml));
    expect(simple).toMatchObject({
      tags: ['a', 'b c', 3, true],
      draft: false,
      empty: null,
      list: ['one', '2'],
      flat: ['x'],
    });
  });

  it.each([
    '',
    '# only',
    'a: |\n  x',
    'a: b\n  c',
    'a: *x',
    'a: &x 1',
    'a: {}',
    'a: [1, [2]]',
    'a: b: c',
    'a: b #c',
    'yes: 1',
    'a:\tb',
    '- a',
    'a: "x\\n"',
    'a:\n  b: 1',
    'a: b\n- c',
    'a: ...\n...\nb: 1',
  ])('leaves %j to it', yaml => {
    expect(readSimpleMapping(yaml)).toBeUndefined();
  });

  it('means what the YAML library finds in it', () => {
    const word = fc.constantFrom(
      'a',
      'yes',
      '12:30',
      '1',
      '010',
      '2026-03-09',
      ': ',
      ':',
      ' #',
      '#',
      '-',
      '- ',
      ' ',
      '"',
      "'",
      '[',
      ']',
      ', ',
      ',',
      '{',
      '}',
      '\t',
      '\\',
      '&',
      '*',
      '!',
      '|',
      '>',
      '%',
      '@',
      '`',
      '?',
      '~',
      '.',
      '_',
      'é',
      '日',
      '\u0085',
      '\u2028',
      '\u00a0',
      '\u3000',
      '–',
      '😀',
      '<<',
    );
    const value = fc.array(word, { maxLength: 5 }).map(words => words.join(''));
    const key = fc.constantFrom('title', 'tags', 'a-b', '_c', 'no', 'x y', '12', '"q"');
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(key, value).map(([name, text]) => `${name}: ${text}`) },
      { weight: 2, arbitrary: key.map(name => `${name}:`) },
      {
        weight: 4,
        arbitrary: fc
          .tuple(fc.constantFrom('', ' ', '  '), value)
          .map(([indent, text]) => `${indent}- ${text}`),
      },
      { weight: 1, arbitrary: fc.constantFrom('', '# c', '  # c', '...', '---', '  more') },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (lines, newline) => {
        const yaml = lines.join(newline);
        const simple = readSimpleMapping(yaml);
        if (simple !== undefined) expect(simple).toEqual(readYamlMapping(yaml));
      }),
      { numRuns: 20_000 },
    );
  });
});

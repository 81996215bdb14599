import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLinks } from '../../src/wiki/markup/markdown-links.ts';

/** What is found, as written. */
function found(markdown: string): string[] {
  const { wiki, markdown: links } = findLinks(markdown);
  return [
    ...wiki.map(({ start, end }) => ({ start, text: markdown.slice(start, end) })),
    ...links.map(({ start, end }) => ({ start, text: markdown.slice(start, end) })),
  ]
    .sort((a, b) => a.start - b.start)
    .map(({ text }) => text);
}

describe('links in Markdown', () => {
  it.each([
    ['inline', '[a](/x) [b](y "T") [c](<z z>) [d]( w )', ['/x', 'y', 'z z', 'w']],
    ['with titles', `[a](/x "t") [b](/y 't') [c](/z (t)) [d](/w "unclosed) [e](/v`, ['/x', '/y', '/z']],
    ['images', '![a](/x.png) ![](y)', ['/x.png', 'y']],
    ['images in links', '[![alt](/img "T")](/page)', ['/img', '/page']],
    ['with parentheses', '[a](/x_(y)) [b](/x\\)y)', ['/x_(y)', '/x\\)y']],
    ['with brackets in the text', '[a [b] c](/x) [\\]](/y)', ['/x', '/y']],
    ['over lines', '[a\nb](\n/x\n"t") [c](/y\n\n"t")', ['/x']],
    ['definitions', '[a]: /x "T"\n[b c]: <y z>\n  [d]:/w', ['/x', 'y z', '/w']],
    ['wiki links', '[[a]] [[b|c]](/x) ![[d]]', ['[[a]]', '[[b|c]]', '[[d]]']],
    ['in lists', '- [a](/x)\n  - [b](/y)\n\n    [c](/z)\n1. [d](/w)', ['/x', '/y', '/z', '/w']],
    ['in quotes', '> [a](/x)\n> > [b](/y)', ['/x', '/y']],
    ['in headings and tables', '# [a](/x)\n| [b](/y) | [[c]] |\n|---|---|', ['/x', '/y', '[[c]]']],
    ['after a paragraph line that only looks like code', 'text\n    [a](/x)', ['/x']],
    ['footnotes', '[^1]: see [a](/x)', ['/x']],
    ['frontmatter', '---\nrelated: "[[a]]"\nurl: "[b](/x)"\n---\n[[c]]', ['[[a]]', '[[c]]']],
  ])('are found %s', (_, markdown, expected) => {
    expect(found(markdown)).toEqual(expected);
  });

  it.each([
    ['code spans', '`[a](/x)` ``[[a]] ` [[b]]`` `` ` ``'],
    ['code spans over lines', '`a\n[[b]]\nc`'],
    ['fences', '```\n[[a]]\n``\n~~~\n[a](/x)\n```'],
    ['fences with info', '~~~ md\n```\n[[a]]\n~~~~'],
    ['fences that are never closed', '```\n[[a]]\n\n[a](/x)'],
    ['fences in lists', '- a\n\n  ```\n  [[a]]\n\n  [[b]]\n  ```'],
    ['fences in quotes', '> ```\n> [[a]]\n> ```'],
    ['indented code', 'text\n\n    [[a]]\n\n\t[[b]]\n\n    [[c]]'],
    ['indented code after a heading', '# h\n    [[a]]'],
    ['indented code in lists', '- a\n\n      [[a]]'],
    ['indented code at the start', '    [[a]]'],
    ['comments', '<!-- [[a]] -->\n<!--\n[[b]]\n\n[[c]]\n-->\ntext <!-- [[d]] --> text'],
    ['tags', 'a <a href="[[x]]" title="[b](/y)">text</a>'],
    ['a fence right behind a list item', '- a\n```\n[[b]]\n```'],
    ['a fence with what looks like a quote', '- ```\n  > [[a]]\n  ```'],
    ['indented code behind a rule', '- - -\n    [[a]]'],
    ['indented code behind an underlined heading', 'a\n===\n    [[b]]'],
    ['autolinks', '<https://example.org/[[a]]>'],
    ['escapes', '\\[a](/x) \\[\\[b]]'],
    ['empty destinations', '[a]() [b](<>)'],
    ['no destinations', '[a](x y) [b](\n\n/x) [c] (/y)'],
  ])('are not found in %s', (_, markdown) => {
    expect(found(markdown)).toEqual([]);
  });

  it.each([
    ['a fence', '```\ncode\n```\n[[a]]'],
    ['a quoted fence that the quote ends', '> ```\n> code\n[[a]]'],
    ['a fence in a list that the list ends', '- x\n\n  ```\n  code\n\n[[a]]'],
    ['indented code', '    code\n[[a]]'],
    ['a comment', '<!-- x\ny -->\n[[a]]'],
    ['a comment on the same line', '<!-- x --> [[a]]'],
    ['a list in a quote', '> - x `\n\n[[a]]'],
    ['back-ticks before a quote', '`\n> [[a]] `'],
    ['back-ticks that never close', '`` a ` [[a]]'],
    ['back-ticks of another block', '`a\n\n[[a]]\n\n`b'],
    ['an escaped back-tick', '\\`[[a]]`'],
    ['a lone bracket', 'a < b [[a]] > c'],
  ])('are found after %s', (_, markdown) => {
    expect(found(markdown)).toEqual(['[[a]]']);
  });

  it('lie where they say, in any text', () => {
    const part = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '`',
      '``',
      '```',
      '\n',
      '\n\n',
      '    ',
      '- ',
      '> ',
      '<',
      '>',
      '<!--',
      '-->',
      '\\',
      '"',
      '[[',
      ']]',
      'a',
      '/x',
      ': ',
      '|',
      '#',
      '~~~',
      '\t',
      '---',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), parts => {
        const markdown = parts.join('');
        const { wiki, markdown: links } = findLinks(markdown);
        for (const { start, end, destination } of links) expect(markdown.slice(start, end)).toBe(destination);
        for (const { start, end } of wiki) expect(markdown.slice(start, end)).toMatch(/^\[\[[\s\S]+\]\]$/);
        const starts = [...links, ...wiki]
          .map(({ start, end }) => [start, end] as const)
          .sort((a, b) => a[0] - b[0]);
        for (let i = 1; i < starts.length; i++) {
          expect(starts[i]?.[0]).toBeGreaterThanOrEqual(starts[i - 1]?.[1] ?? 0);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    '[',
    ']',
    '[[',
    '](',
    '](a',
    '](<',
    '](a "',
    "](a '",
    '](a (',
    '[a](',
    '[![a](',
    '`',
    '`` `',
    '<a ',
    '<a b="',
    '<!--',
    '\\',
    '> ',
    '- ',
    '\t',
    '(',
    '[[a|',
    '<a:',
    '[a]: ',
    '    x\n',
    '- x\n',
    '```\n',
    '<!-- \n',
    '<a b ',
    '- [[a\n',
    '- `x\n',
    '- <!-- x\n',
    '> x\n\n',
  ])('are found in linear time among many %j', filler => {
    expect(findLinks(filler.repeat(100_000)).wiki).toHaveLength(0);
    expect(findLinks(`x${filler.repeat(100_000)}`).wiki).toHaveLength(0);
  });
});

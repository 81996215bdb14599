import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendToSection,
  findSection,
  findSections,
  replaceSection,
} from '../../src/wiki/markup/sections.ts';

const PAGE = '# Top\nintro\n## Setup ##\na\n### Deep\nb\n## Use\nc\n# C#\nd\n## Setup\ne\n';

describe('sections', () => {
  it('nest by level', () => {
    expect(
      findSections(PAGE).map(({ path, level, start, end }) => [path, level, PAGE.slice(start, end)]),
    ).toEqual([
      ['Top', 1, '# Top\nintro\n## Setup ##\na\n### Deep\nb\n## Use\nc\n'],
      ['Top > Setup', 2, '## Setup ##\na\n### Deep\nb\n'],
      ['Top > Setup > Deep', 3, '### Deep\nb\n'],
      ['Top > Use', 2, '## Use\nc\n'],
      ['C#', 1, '# C#\nd\n## Setup\ne\n'],
      ['C# > Setup', 2, '## Setup\ne\n'],
    ]);
  });

  it.each([
    ['fences', '```\n# a\n~~~\n# b\n```\n# c\n', ['c']],
    ['longer fences', '~~~~\n# a\n~~~\n# b\n~~~~~\n# c\n', ['c']],
    ['fences never closed', '# a\n```\n# b\n', ['a']],
    ['what is no heading', '#a\n####### b\nc\n===\n    # d\n#\te\n', ['e']],
    ['back-ticks in a line', '```a```\n# b\n', ['b']],
    ['CRLF', '# a\r\n## b #\r\n', ['a', 'a > b']],
    ['skipped levels', '### a\n# b\n### c\n## d\n', ['a', 'b', 'b > c', 'b > d']],
  ])('heed %s', (_, text, paths) => {
    expect(findSections(text).map(({ path }) => path)).toEqual(paths);
  });

  it.each([
    ['Top', 'Top'],
    ['top > setup', 'Top > Setup'],
    ['SETUP > deep', 'Top > Setup > Deep'],
    ['deep', 'Top > Setup > Deep'],
    [' use ', 'Top > Use'],
    ['c#', 'C#'],
  ])('are found by %j', (query, path) => {
    expect(findSection(PAGE, query).path).toBe(path);
  });

  it('are refused when several or none fit', () => {
    expect(() => findSection(PAGE, 'setup')).toThrow(
      expect.objectContaining({
        code: 'section_ambiguous',
        data: { sections: ['Top > Setup', 'C# > Setup'] },
      }),
    );
    expect(() => findSection(PAGE, 'etup')).toThrow(expect.objectContaining({ code: 'section_not_found' }));
    expect(() => findSection('no headings', 'x')).toThrow('(no sections found)');
  });

  it('are replaced by what is read from them without a change', () => {
    const line = fc.constantFrom('# a', '## b', '### c', 'text', '', '```', '# a', '## d');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), lines => {
        const text = lines.join('\n');
        for (const section of findSections(text)) {
          expect(replaceSection(text, section, text.slice(section.start, section.end))).toBe(text);
        }
      }),
    );
  });

  it('end their new text with a line break where something follows', () => {
    expect(replaceSection(PAGE, findSection(PAGE, 'deep'), '### New')).toContain('### New\n## Use');
    expect(replaceSection(PAGE, findSection(PAGE, 'C#'), 'end')).toMatch(/c\nend$/);
    expect(replaceSection(PAGE, findSection(PAGE, 'use'), '')).toContain('b\n# C#');
    expect(replaceSection('# a\r\n# b\r\n', findSection('# a\r\n# b\r\n', 'a'), '# x')).toBe(
      '# x\r\n# b\r\n',
    );
  });

  it('take what is appended behind their sub-sections', () => {
    expect(appendToSection(PAGE, findSection(PAGE, 'Top > Setup'), 'more\n\n')).toContain(
      'b\n\nmore\n\n## Use',
    );
    expect(appendToSection('# a', findSection('# a', 'a'), 'more')).toBe('# a\n\nmore\n');
  });
});

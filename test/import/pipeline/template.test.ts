import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../../src/import/pipeline/text/template.ts';
import type { Cell } from '../../../src/import/row.ts';

const row: Record<string, Cell> = {
  title: 'Crème brûlée & co.',
  n: 3,
  none: null,
  tags: ['a', 'b c'],
  list: 'x; y ;;z',
  when: '2026-03-28T23:30:00-02:00',
  markdown: '# 1. *a* [b](c) <d> `e` \\ | $x$\n- f\n1) g\n   + h',
  'Page | title': 'Odd',
  rows: [{ term: 'gull', n: 1 }, { term: 'tern' }],
};

function text(source: string, values = row): string {
  return compileTemplate(source).text(values);
}

describe('a template', () => {
  it.each([
    ['plain', 'plain'],
    ['{{title}}', 'Crème brûlée & co.'],
    ['{{ title | slug }}', 'creme-brulee-co'],
    ['{{n}}/{{none}}/{{tags}}', '3//a, b c'],
    ['{{[Page | title] | upper}}', 'ODD'],
    ['{{"{{"}}', '{{'],
    ['{{absent | default: "x"}}{{none | default: "y" | upper}}', 'xY'],
    ['{{title | lower | truncate: 5}}', 'crème'],
    ['{{title | replace: "&", "and"}}', 'Crème brûlée and co.'],
    ['{{when | date}}', '2026-03-29'],
    ['{{when | date: "DD.MM.YYYY HH:mm:ss"}}', '29.03.2026 01:30:00'],
    ['{{n | date: "YYYY"}}', '1970'],
    ['{{list | split: ";" | join: "+"}}', 'x+y+z'],
    ['{{tags | json}}', '["a","b c"]'],
    ['{{#each rows}}{{term}} {{n}};{{/each}}', 'gull 1;tern 3;'],
    ['{{#each tags}}<{{.}}>{{/each}}', '<a><b c>'],
    ['{{#if none}}no{{/if}}{{#if tags}}yes{{/if}}{{#if absent}}no{{/if}}', 'yes'],
    ['{{rows.1.term}}', 'tern'],
    ['{ {{n}} }', '{ 3 }'],
  ])('%s makes %s', (source, expected) => {
    expect(text(source)).toBe(expected);
  });

  it('of nothing but a column gives the cell as it is', () => {
    expect(compileTemplate('{{tags}}').cell(row)).toBe(row.tags);
    expect(compileTemplate('{{list | split: ";"}}').cell(row)).toEqual(['x', 'y', 'z']);
    expect(compileTemplate('{{n}} ').cell(row)).toBe('3 ');
  });

  it('escapes what Markdown would read', () => {
    expect(text('{{markdown | markdown}}')).toBe(
      '\\# 1. \\*a\\* \\[b\\](c) \\<d\\> \\`e\\` \\\\ \\| \\$x\\$\n\\- f\n1\\) g\n   \\+ h',
    );
  });

  it('makes slugs of letters and digits in any script, which stay as they are', () => {
    expect(text('{{t | slug}}', { t: 'हिन्दी – 日本語 Straße' })).toBe('हिन्दी-日本語-straße');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), t => {
        const slug = text('{{t | slug}}', { t });
        expect(slug).not.toMatch(/^-|-$|--|[/\\.\s]|[A-Z]/);
        expect(text('{{t | slug}}', { t: slug })).toBe(slug);
      }),
    );
  });

  it.each([
    ['{{absent}}', {}, 'no column "absent"'],
    ['{{titel}}', row, 'did you mean "title"?'],
    ['{{file}}', { file: { size: 1, open: () => (async function* () {})() } }, 'it is a file'],
    ['{{o}}', { o: { a: 1 } }, 'use the filter json'],
    ['{{title | date}}', row, 'a date such as'],
    ['{{d | date}}', { d: '2026-02-30' }, 'a date such as'],
    ['{{#each title}}{{/each}}', row, 'a list'],
  ])('%s fails a row without telling what it holds', (source, values, reason) => {
    expect(() => text(source, values as Record<string, Cell>)).toThrow(reason);
    expect(() => text(source, values as Record<string, Cell>)).not.toThrow('Crème');
  });

  it('is bounded, however loops and replacements multiply', () => {
    const many: Cell = Array.from({ length: 10_000 }, () => 1);
    expect(() => text('{{#each l}}{{big}}{{/each}}', { l: many, big: 'x'.repeat(10_000) })).toThrow(
      'longer than',
    );
    expect(() => text(`{{big | replace: "x", "${'y'.repeat(9_000)}"}}`, { big: 'x'.repeat(10_000) })).toThrow(
      'longer than',
    );
    expect(() => text(`{{q${' | json'.repeat(16)}}}`, { q: '"'.repeat(10_000) })).toThrow('longer than');
    expect(() => text('{{big}}'.repeat(5_000), { big: 'x'.repeat(10_000) })).toThrow('longer than');
    expect(() => text(`{{l | join: "${'y'.repeat(9_000)}"}}`, { l: many })).toThrow('longer than');
    expect(() => text('{{big | split: ""}}', { big: 'x'.repeat(200_000) })).toThrow('at most 100000 parts');
  });

  it('is bounded where loops in loops make no text at all', () => {
    const many: Cell = Array.from({ length: 10_000 }, () => 1);
    const inner = '{{#each l}}{{#each l}}{{#each l}}{{/each}}{{/each}}{{/each}}';
    expect(() => text(inner, { l: many })).toThrow('go through it too often');
    expect(text(`{{#each l}}${'{{#each m}}x{{/each}}'}{{/each}}`, { l: many, m: [1, 2] })).toHaveLength(
      20_000,
    );
  });

  it.each([
    ['{{title', '"}}" must end'],
    ['{{}}', 'a column must be named'],
    ['{{title | slugg}}', 'did you mean "slug"?'],
    ['{{title | default}}', 'default must have as arguments: text'],
    ['{{title | truncate: "x"}}', 'truncate must have as arguments: number'],
    ['{{title | slug: "x"}}', 'slug must have no argument'],
    ['{{title | default: x}}', 'text in quotes or a number'],
    ['{{#each rows}}', '{{/each}} must close'],
    ['{{#each rows}}{{/if}}', '{{/each}} must close'],
    ['{{#for rows}}', '#each or #if'],
    ['{{/each}}', 'must have been opened'],
    ['{{#if a}}'.repeat(9), 'nested'],
    [`{{q${' | json'.repeat(17)}}}`, '16 filters at most'],
  ])('%s is refused', (source, reason) => {
    expect(() => compileTemplate(source)).toThrow(reason);
  });
});

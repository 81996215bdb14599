import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageItem } from '../../../src/import/page-item.ts';
import { checkPipeline } from '../../../src/import/pipeline/check.ts';
import { compilePipeline } from '../../../src/import/pipeline/compile.ts';
import { importedPage } from '../../../src/import/pipeline/page-path.ts';
import type { Cell, FileContent, RowFailure } from '../../../src/import/row.ts';
import { readDocument } from '../../../src/wiki/markup/frontmatter.ts';
import { pageFile } from '../../../src/wiki/name/page-path.ts';
import { rowsOf } from '../operator/operator-support.ts';

const lower = { retainPageNameCase: false, into: '' };

function made(
  pipeline: unknown,
  values: Record<string, Cell>,
  naming = lower,
): { item?: PageItem; failure?: RowFailure; filtered: number } {
  const told: { item?: PageItem; failure?: RowFailure; filtered: number } = { filtered: 0 };
  const compiled = compilePipeline({ pipeline: checkPipeline(pipeline), naming });
  const [row] = rowsOf('t', [values]);
  if (row === undefined || compiled.each === undefined) throw new TypeError('It is not row-wise');
  compiled.each(row, {
    item: item => Object.assign(told, { item }),
    failure: failure => Object.assign(told, { failure }),
    filtered: count => {
      told.filtered += count;
    },
  });
  return told;
}

describe('a row', () => {
  it('becomes a page of its path and content, with its title in the frontmatter', () => {
    const { item } = made(undefined, { path: 'Docs/Intro', content: 'Hello', title: 'Welcome' });
    expect(item).toEqual({
      path: 'docs/intro.md',
      content: '---\ntitle: Welcome\n---\nHello',
      origins: [{ source: 't', row: 1 }],
    });
    expect(made(undefined, { path: '/a/', content: 7 }).item).toMatchObject({ path: 'a.md', content: '7' });
  });

  it('keeps its case where the wiki does, and goes below a page where that is asked for', () => {
    const naming = { retainPageNameCase: true, into: 'Old/Wiki' };
    expect(made(undefined, { path: 'Docs/Intro', content: '' }, naming).item?.path).toBe(
      'Old/Wiki/Docs/Intro.md',
    );
    for (const path of ['', '/'])
      expect(
        made(undefined, { path, content: '' }, { retainPageNameCase: false, into: 'Old' }).failure?.code,
      ).toBe('path_invalid');
    expect(
      made(undefined, { path: 'x', content: '' }, { retainPageNameCase: false, into: 'Old' }).item?.path,
    ).toBe('old/x.md');
  });

  it('with a file becomes an attachment of that name', () => {
    const file: FileContent = { size: 3, open: () => (async function* () {})() };
    expect(made(undefined, { path: 'Docs/Plan.PNG', file }).item).toMatchObject({
      path: 'docs/Plan.PNG',
      content: file,
    });
    expect(made(undefined, { path: '../x.png', file }).failure?.code).toBe('path_invalid');
  });

  it.each([
    [{ content: 'x' }, 'column_missing', 'no column "path"'],
    [{ path: 'a' }, 'column_missing', 'no column "content"'],
    [{ path: '', content: 'x' }, 'path_invalid', 'it is empty'],
    [{ path: 'a/../secret', content: 'x' }, 'path_invalid', '".." is no name'],
    [{ path: 'a\\secret', content: 'x' }, 'path_invalid', 'backslash'],
    [{ path: '.git/secret', content: 'x' }, 'path_invalid', '".git"'],
    [{ path: `secret${'x'.repeat(300)}`, content: 'x' }, 'path_invalid', '255 bytes'],
    [{ path: { secret: 1 }, content: 'x' }, 'cell_invalid', 'it is an object'],
  ])('%j fails with %s and does not tell what it holds', (values, code, reason) => {
    const { failure, item } = made(undefined, values as unknown as Record<string, Cell>);
    expect(item).toBeUndefined();
    expect(failure).toMatchObject({ code, origins: [{ source: 't', row: 1 }] });
    expect(failure?.message).toContain(reason);
    expect(failure?.message).not.toContain('secret');
  });

  it('is named as the API names pages, whatever its path', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'B', '0', '-', '_', '/', '.', ' ', 'ä', '~', '\\', '\t'),
      maxLength: 8,
    });
    const attempt = (make: () => string) => {
      try {
        return make();
      } catch {
        return 'refused';
      }
    };
    fc.assert(
      fc.property(part, fc.boolean(), (path, retainPageNameCase) => {
        const naming = { retainPageNameCase, into: '' };
        expect(attempt(() => importedPage(path, naming))).toBe(attempt(() => pageFile(path, naming)));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the frontmatter of a row', () => {
  const content = fc.constantFrom(
    'Body',
    '',
    '---\nother: 1\n---\nBody',
    '---\ntitle: Own\n---\nBody',
    '--- no\n',
    '---\nx',
    '---\n- list\n---\nBody',
    '---\n"title": {own: 1}\n---\nBody',
    '---\r\ntitle: Own\r\n---\r\nBody',
  );
  const cell: fc.Arbitrary<Cell> = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 10 }),
    fc.constantFrom<Cell>(
      'yes',
      'No',
      '1',
      '1.5',
      '2026-03-28',
      '~',
      'null',
      '- a',
      'a: b',
      'a #b',
      "'",
      '"',
      '\u0085\u2028',
      '12:30:00',
      '0x1',
      '=',
    ),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.constantFrom<Cell>('a', 'no', 1, true, 'a, b', '[x]'), { minLength: 1, maxLength: 3 }),
    fc.record({ a: fc.constantFrom<Cell>('x', 'on', 2) }),
  );

  it('reads back as the values that it was made of, under what the text has of its own', async () => {
    await fc.assert(
      fc.asyncProperty(content, cell, async (text, value) => {
        fc.pre(value !== '' && (typeof value !== 'string' || value.isWellFormed()));
        const page = {
          path: '{{path}}',
          content: '{{content}}',
          frontmatter: { title: '{{v}}', no: '{{v}}' },
        };
        const { item } = made({ page }, { path: 'a', content: text, v: value });
        const own = (await readDocument(text)).frontmatter ?? {};
        const read = await readDocument(String(item?.content));
        expect(read.frontmatter).toEqual({ title: value, no: value, ...own });
        expect(read.body.trimStart()).toBe((await readDocument(text)).body.trimStart());
      }),
      { numRuns: 500 },
    );
  });

  it('leaves out what is empty', () => {
    const page = { frontmatter: ['tags', 'none', 'absent'] };
    const { item } = made({ page }, { path: 'a', content: 'x', tags: [], none: null });
    expect(item?.content).toBe('x');
  });
});

describe('steps on a row', () => {
  const steps = [
    { filter: 'status == "published"' },
    { rename: { body: 'content' } },
    { map: { path: '{{section | slug}}/{{title | slug}}', weight: 1 } },
    { drop: ['section', 'status'] },
  ];

  it('follow each other', () => {
    const values = { section: 'Sea Birds', title: 'Gull', status: 'published', body: 'Text' };
    const page = { frontmatter: ['title', 'weight'] };
    expect(made({ steps, page }, values).item).toMatchObject({
      path: 'sea-birds/gull.md',
      content: '---\ntitle: Gull\nweight: 1\n---\nText',
    });
    expect(made({ steps, page }, { ...values, status: 'draft' })).toEqual({ filtered: 1 });
    expect(made({ steps, page }, { ...values, content: 'other' }).failure).toMatchObject({
      code: 'column_taken',
    });
  });
});

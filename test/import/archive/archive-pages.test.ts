import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFolder } from '../../../src/import/folder-plan.ts';
import type { PageItem } from '../../../src/import/page-item.ts';
import { checkPipeline } from '../../../src/import/pipeline/check.ts';
import { compilePipeline } from '../../../src/import/pipeline/compile.ts';
import { openBytes, rawZip } from './zip-maker.ts';

/** The files that an import without a pipeline makes of an archive. */
async function filesOf(paths: readonly string[], naming: { retainPageNameCase: boolean; into: string }) {
  const bytes = rawZip(paths.map(name => ({ name, content: `of ${name}` })));
  const source = await openBytes(bytes, { naming: { ...naming, wikilinkStyle: '' }, hidden: true });
  const pipeline = compilePipeline({ pipeline: checkPipeline(undefined), naming });
  const items: PageItem[] = [];
  const failures: string[] = [];
  const into = {
    item: (item: PageItem) => items.push(item),
    failure: ({ code }: { code: string }) => failures.push(code),
    filtered: () => {},
  };
  for await (const { rows } of source.rows()) for (const row of rows) pipeline.each?.(row, into);
  return { items, failures, left: source.left.told.map(({ path }) => path) };
}

describe('the pages of an archive', () => {
  it('have the names that a folder import gives them', async () => {
    const name = fc.string({
      unit: fc.constantFrom(...'aAbB~é', '.md', '.MD', '.png'),
      minLength: 1,
      maxLength: 4,
    });
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(parts => parts.join('/'));
    // Of `a.md.md` and `.md` the two make different names.
    const isTold = (each: string) => !/(?:^|\/|\.md)\.md(?:\/|$)/i.test(each);
    const options = fc.record({ retainPageNameCase: fc.boolean(), into: fc.constantFrom('', 'Old/Wiki') });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(path.filter(isTold), { maxLength: 12 }),
        options,
        async (paths, naming) => {
          const { items, left } = await filesOf(paths, naming);
          const walked = paths.map(each => ({ kind: 'file' as const, path: each, absolute: each, bytes: 1 }));
          const plan = planFolder(walked, { ...naming, attachments: 'beside', maxFileBytes: 100 });
          const made = items.map(item => item.path);
          for (const { target } of plan.files) expect(made).toContain(target);
          // What meets another file is left to the commit, which sees the wiki's own files too.
          const meeting = plan.left.filter(({ reason }) => /^(?:would be|is a folder|needs a)/.test(reason));
          expect(items).toHaveLength(plan.files.length + meeting.length);
          const apart = plan.left.filter(({ reason }) => reason === 'not beside a page');
          expect(left.sort()).toEqual(apart.map(each => each.path).sort());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('have the text of the archive, to the byte', async () => {
    const { items } = await filesOf(['Docs/A b.md'], { retainPageNameCase: false, into: '' });
    expect(items).toEqual([
      { path: 'docs/a b.md', content: 'of Docs/A b.md', origins: [{ source: 'wiki.zip', row: 1 }] },
    ]);
  });
});

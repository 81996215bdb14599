import fc from 'fast-check';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { createData, openData } from '../support/data-folder.ts';
import { commitFiles } from '../support/repository.ts';
import { runHere } from '../support/run-here.ts';

const part = fc.stringMatching(/^[a-z0-9äß☃][a-z0-9 äß☃-]{0,6}[a-z0-9äß☃]$/);
const page = fc.tuple(
  fc.array(part, { minLength: 1, maxLength: 3 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);
const pages = fc.uniqueArray(page, { minLength: 1, maxLength: 8, selector: ([path]) => path.join('/') });

async function treeOf(data: string): Promise<string | undefined> {
  const view = await (await openData(data).repository()).view();
  return (await view.entry(''))?.oid;
}

/** A wiki of its own, exported by the command line and imported into another one. */
async function roundTrip(files: Record<string, string>, name: string): Promise<[unknown, unknown]> {
  const folder = temporaryFolder();
  try {
    await commitFiles(await createData(folder.path('a')), files);
    const target = folder.path(name);
    expect(await runHere(['export', target, '--data', folder.path('a')])).toMatchObject({ code: 0 });
    expect(await runHere(['import', target, '--data', folder.path('b')])).toMatchObject({ code: 0 });
    return [await treeOf(folder.path('b')), await treeOf(folder.path('a'))];
  } finally {
    folder.remove();
  }
}

it('an export as lines of JSON is imported again to the same tree', async () => {
  await fc.assert(
    fc.asyncProperty(pages, async given => {
      const files = Object.fromEntries(given.map(([path, text]) => [`${path.join('/')}.md`, text]));
      const [imported, exported] = await roundTrip(files, 'wiki.ndjson');
      expect(imported).toBe(exported);
    }),
    { numRuns: 12 },
  );
});

it('an export as a ZIP is imported again to the same tree, attachments and all', async () => {
  await fc.assert(
    fc.asyncProperty(pages, async given => {
      const files = given.flatMap(([path, text]) => [
        [`${path.join('/')}.md`, text],
        [`${path.join('/')}/plan.bin`, `\0${text}`],
      ]);
      const [imported, exported] = await roundTrip(Object.fromEntries(files), 'wiki.zip');
      expect(imported).toBe(exported);
    }),
    { numRuns: 12 },
  );
});

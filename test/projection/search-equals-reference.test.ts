import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { commitFiles } from '../support/repository.ts';
import { randomPages, randomQuery } from './random-pages.ts';
import { askPython, pythonStrip, type ReferencePage, referenceSearch } from './reference-search.ts';
import { newWiki, openIndex } from './search-support.ts';

/** The index over pages whose files hold name and text as JSON, after a life in which they held something else. */
async function indexOf(pages: readonly ReferencePage[], maxPending: number) {
  const wiki = await newWiki();
  const index = openIndex({ maxPending, pageText: (_, bytes) => JSON.parse(bytes.toString('utf8')) });
  const file = (page: { name: string; body: string }) => JSON.stringify(page);
  const before = pages.map(({ path, name, body }) => [path, file({ name: body, body: name })]);
  await commitFiles(wiki, { ...Object.fromEntries(before), 'gone.md': file({ name: 'gone', body: 'a' }) });
  await index.catchUp(await wiki.view());
  const after = pages.map(({ path, name, body }) => [path, file({ name, body })]);
  await commitFiles(wiki, { ...Object.fromEntries(after), 'gone.md': null });
  return { index, view: await wiki.view() };
}

const isBlank = (query: string) => pythonStrip(query) === '';

describe('search', () => {
  it('equals the plain definition for any pages and queries', async () => {
    const cases = randomPages.chain(pages =>
      fc.record({
        pages: fc.constant(pages),
        queries: fc.array(randomQuery(pages), { minLength: 1, maxLength: 10 }),
        maxPending: fc.constantFrom(0, 4, 64),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ pages, queries, maxPending }) => {
        const { index, view } = await indexOf(pages, maxPending);
        for (const query of queries.filter(query => !isBlank(query))) {
          const { results } = await index.search(view, query);
          expect(results).toEqual(referenceSearch(pages, query));
        }
        await index.close();
      }),
      { numRuns: 40 },
    );
  });

  it('equals Python', async ctx => {
    needs(ctx, 'python3');
    const cases = fc.sample(randomPages, { numRuns: 15, seed: 42 }).map((pages, seed) => {
      const queries = fc.sample(randomQuery(pages), { numRuns: 40, seed });
      return { pages, queries: queries.filter(query => !isBlank(query)) };
    });
    const { searches } = askPython({ cases });
    for (const [number, { pages, queries }] of cases.entries()) {
      const { index, view } = await indexOf(pages, 0);
      for (const [at, query] of queries.entries()) {
        expect((await index.search(view, query)).results, query).toEqual(searches[number]?.[at]);
      }
      await index.close();
    }
  });
});

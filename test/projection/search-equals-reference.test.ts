import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { commitFiles } from '../support/repository.ts';
import { randomPages, randomQuery } from './random-pages.ts';
import { askPython, pythonStrip, type ReferencePage, referenceSearch } from './reference-search.ts';
import { newWiki, openIndex } from './search-support.ts';

/** The index over pages whose files hold name and text as JSON. */
async function indexOf(pages: readonly ReferencePage[]) {
  const wiki = await newWiki();
  const files = pages.map(({ path, name, body }) => [path, JSON.stringify({ name, body })]);
  await commitFiles(wiki, Object.fromEntries(files));
  const index = openIndex({ pageText: (_, bytes) => JSON.parse(bytes.toString('utf8')) });
  return { index, view: await wiki.view() };
}

const isBlank = (query: string) => pythonStrip(query) === '';

describe('search', () => {
  it('equals the plain definition for any pages and queries', async () => {
    const cases = randomPages.chain(pages =>
      fc.tuple(fc.constant(pages), fc.array(randomQuery(pages), { minLength: 1, maxLength: 10 })),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([pages, queries]) => {
        const { index, view } = await indexOf(pages);
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
      const { index, view } = await indexOf(pages);
      for (const [at, query] of queries.entries()) {
        expect((await index.search(view, query)).results, query).toEqual(searches[number]?.[at]);
      }
      await index.close();
    }
  });
});

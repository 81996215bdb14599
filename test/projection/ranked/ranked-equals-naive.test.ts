import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { findRanked, type RankedAnswer } from '../../../src/projection/ranked/find-ranked.ts';
import { parseRanked } from '../../../src/projection/ranked/parse-ranked.ts';
import { commitFiles } from '../../support/repository.ts';
import { newWiki, openIndex } from '../search-support.ts';
import { type NaiveHit, type NaivePage, type NaiveQuery, naiveSearch, written } from './naive-ranked.ts';

const word = fc.constantFrom('gull', 'gulls', 'tern', 'fulmar', 'été', '東', '京', 'Ωm', 'x2', 'हिन्दी');
const words = (maxLength: number) => fc.array(word, { maxLength });
const path = fc.constantFrom('a', 'b', 'docs', 'docs/a', 'docs/b', 'docs/a/c', 'docsx', 'z');
const tag = fc.constantFrom('red', 'blue');

const pages: fc.Arbitrary<NaivePage[]> = fc.uniqueArray(
  fc.record({ path, title: words(3), headings: words(2), body: words(30), tags: fc.uniqueArray(tag) }),
  { minLength: 1, maxLength: 8, selector: page => page.path },
);

const query: fc.Arbitrary<NaiveQuery> = fc.letrec<{ query: NaiveQuery; leaf: NaiveQuery }>(tie => ({
  leaf: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('phrase' as const),
        field: fc.constantFrom('any' as const, 'any' as const, 'title' as const, 'heading' as const),
        words: fc.array(fc.oneof(word, fc.constant('gu')), { minLength: 1, maxLength: 3 }),
        prefix: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('tag' as const), tag }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('path' as const), path }) },
  ),
  query: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('query'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('query') }),
  ),
})).query;

const folded: Record<string, string> = { été: 'ete', Ωm: 'ωm' };
const fold = (list: readonly string[]) => list.map(each => folded[each] ?? each);

function foldPage(page: NaivePage): NaivePage {
  return { ...page, title: fold(page.title), headings: fold(page.headings), body: fold(page.body) };
}

function foldQuery(query: NaiveQuery): NaiveQuery {
  if (query.kind === 'phrase') return { ...query, words: fold(query.words) };
  if (query.kind === 'not') return { ...query, part: foldQuery(query.part) };
  return query.kind === 'and' || query.kind === 'or'
    ? { ...query, parts: query.parts.map(foldQuery) }
    : query;
}

function fileOf({ title, headings, body, tags }: NaivePage): string {
  const text = [...headings.map(heading => `# ${heading}\n`), body.join(', ')].join('\n');
  return JSON.stringify({ name: title.join(' '), body: text, tags });
}

/** After a life in which the pages held something else. */
async function indexOf(all: readonly NaivePage[], maxPending: number) {
  const wiki = await newWiki();
  const index = openIndex({ maxPending, pageText: (_, bytes) => JSON.parse(bytes.toString('utf8')) });
  const files = (change: (page: NaivePage) => NaivePage) =>
    Object.fromEntries(all.map(page => [`${page.path}.md`, fileOf(change(page))]));
  const turned = (page: NaivePage) => ({
    ...page,
    title: page.body,
    body: [...page.title, 'gull'],
    tags: [],
  });
  await commitFiles(wiki, {
    ...files(turned),
    'gone.md': fileOf({ ...(all[0] as NaivePage), body: ['gull'] }),
  });
  await index.catchUp(await wiki.view());
  await commitFiles(wiki, { ...files(page => page), 'gone.md': null });
  return { index, view: await wiki.view() };
}

describe('ranked search', () => {
  it('finds, counts and scores as the plain definition does, of what may be read alone', async () => {
    const cases = fc.record({
      pages,
      queries: fc.array(query, { minLength: 1, maxLength: 12 }),
      hidden: fc.uniqueArray(path, { maxLength: 3 }),
      maxPending: fc.constantFrom(0, 3, 64),
      limit: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ pages, queries, hidden, maxPending, limit }) => {
        const { index, view } = await indexOf(pages, maxPending);
        const mayRead =
          hidden.length === 0 ? undefined : (file: string) => !hidden.some(each => `${each}.md` === file);
        const readable = pages.filter(page => mayRead?.(`${page.path}.md`) !== false).map(foldPage);
        for (const each of queries) {
          const found: NaiveHit[] = [];
          for (let cursor: string | undefined, more = true; more; ) {
            const answer: RankedAnswer = await index.read(view, store =>
              findRanked(store.words, parseRanked(written(each)), {
                ...{ limit, cursor, mayRead, displayPath: file => file.slice(0, -3) },
                turn: () => systemRuntime.turn(),
              }),
            );
            found.push(...answer.results);
            expect(answer.total, written(each)).toBe(naiveSearch(readable, foldQuery(each)).length);
            cursor = answer.nextCursor;
            more = cursor !== undefined;
          }
          expectSame(found, naiveSearch(readable, foldQuery(each)), written(each));
        }
        await index.close();
      }),
      { numRuns: 40 },
    );
  });
});

/** Scores come rounded, and are sums in another order: equal ones may differ in the last of their digits. */
function expectSame(found: readonly NaiveHit[], expected: readonly NaiveHit[], query: string): void {
  const scores = new Map(expected.map(({ path, score }) => [path, score]));
  expect(found.map(({ path }) => path).sort(), query).toEqual([...scores.keys()].sort());
  for (const [at, { path, score }] of found.entries()) {
    expect(Math.abs(score - (scores.get(path) ?? Number.NaN)), query).toBeLessThan(1e-4);
    expect(score, query).toBeLessThanOrEqual(found[at - 1]?.score ?? Number.POSITIVE_INFINITY);
  }
}

import type { Service } from '../../src/lazy/app.ts';
import { COMMON_TERM, RARE_TERM } from '../support/page-text.ts';

type Search = Awaited<ReturnType<Service['search']>>;

export interface Question {
  what: string;
  ask(search: Search): Promise<number>;
}

const PAGE = { offset: 0, limit: 20 };

const simple = (what: string, query: string): Question => ({
  what: `simple: ${what}`,
  ask: async search => (await search.search(query, PAGE)).total,
});

const ranked = (what: string, query: string): Question => ({
  what: `ranked: ${what}`,
  ask: async search => (await search.ranked({ query })).total,
});

const report = (name: Parameters<Search['report']>[0]): Question => ({
  what: `report: ${name}`,
  async ask(search) {
    const { items, finish } = await search.report(name);
    finish(items.slice(0, 100));
    return items.length;
  },
});

/** What people ask. */
export const QUESTIONS: readonly Question[] = [
  simple('a word on one page', 'hub-1'),
  simple('a word on 1 % of the pages', RARE_TERM),
  simple('a word on every page', COMMON_TERM),
  simple('a phrase', `${RARE_TERM} ${COMMON_TERM}`),
  simple('the beginning of a word', RARE_TERM.slice(0, 5)),
  ranked('no page', 'nowhere'),
  ranked('a word on 1 % of the pages', RARE_TERM),
  ranked('a word on every page', COMMON_TERM),
  ranked('two words, one on every page', `${RARE_TERM} ${COMMON_TERM}`),
  ranked('a phrase', '"hub 1"'),
  ranked('the beginning of a word, 5 letters', `${RARE_TERM.slice(0, 5)}*`),
  ranked('the beginning of a word, 2 letters', 'ba*'),
  ranked('all but 1 %', `-${RARE_TERM}`),
  ranked('a word of every page in names', `title:${COMMON_TERM} OR heading:${COMMON_TERM}`),
  ranked('a folder, and a word on every page', `path:folder-1 ${COMMON_TERM}`),
  report('orphaned'),
  report('broken-links'),
  report('wanted'),
];

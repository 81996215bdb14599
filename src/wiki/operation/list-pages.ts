import type { Described, View } from '../../git/repository.ts';
import type { PageListBody } from '../bodies.ts';
import type { Views } from '../bound/bound-repository.ts';
import { updatedSinceInvalid } from '../errors.ts';
import { isoDate } from '../history/commit-text.ts';
import { parseIsoDate } from '../history/iso-date.ts';
import type { PageFacts } from '../markup/describe.ts';
import { displayName, displayPath, pageStem } from '../name/page-path.ts';
import { strip } from '../name/python-text.ts';
import type { WikiSettings } from '../settings.ts';
import type { PageFilter } from '../wiki.ts';

export type PageRow = PageListBody['pages'][number];

/** A page of the newest commit with what lists and filters need. */
export interface ListedPage {
  described: Described<PageFacts>;
  row: PageRow;
}

/** One per wiki: keeps the rows of the pages it has seen, for as long as they are pages. */
export class PageTable {
  readonly #settings: WikiSettings;
  readonly #pages = new WeakMap<Described<unknown>, ListedPage>();
  readonly #tables = new WeakMap<readonly Described<unknown>[], readonly ListedPage[]>();

  constructor(settings: WikiSettings) {
    this.#settings = settings;
  }

  /** All pages, in the order of their files. The array is shared: do not change it. */
  async pages(view: View): Promise<readonly ListedPage[]> {
    const described = (await view.described()) as readonly Described<PageFacts>[];
    const known = this.#tables.get(described);
    if (known !== undefined) return known;
    const pages = described.map(page => this.#page(page));
    this.#tables.set(described, pages);
    return pages;
  }

  #page(described: Described<PageFacts>): ListedPage {
    const known = this.#pages.get(described);
    if (known !== undefined) return known;
    const { path, facts } = described;
    const row = {
      category: facts.category,
      content_length: facts.words,
      last_updated: isoDate(described).slice(0, 10),
      name: facts.title ?? displayName(path, this.#settings),
      path: displayPath(path, this.#settings),
      tags: facts.tags,
    };
    const page = { described, row };
    this.#pages.set(described, page);
    return page;
  }
}

/** Lists the pages that pass every filter (API contract 5.1). @throws KittiwakeError `updated_since_invalid` */
export async function listPages(
  repository: Views,
  settings: WikiSettings,
  table: PageTable,
  filter: PageFilter = {},
): Promise<PageListBody> {
  const passes = predicate(filter, settings);
  const all = await table.pages(await repository.view());
  const pages = (passes === undefined ? all : all.filter(passes)).map(({ row }) => row);
  return { pages, total: pages.length };
}

function predicate(filter: PageFilter, settings: WikiSettings): ((page: ListedPage) => boolean) | undefined {
  const checks: ((page: ListedPage) => boolean)[] = [];
  const since = strip(filter.updatedSince ?? '');
  if (since !== '') {
    const sinceMs = parseIsoDate(since);
    if (sinceMs === undefined) throw updatedSinceInvalid();
    checks.push(({ described }) => described.seconds * 1000 >= sinceMs);
  }
  const prefix = strip(filter.prefix ?? '');
  if (prefix !== '') {
    const wanted = settings.retainPageNameCase ? prefix : prefix.toLowerCase();
    checks.push(({ described }) => pageStem(described.path).startsWith(wanted));
  }
  const category = strip(filter.category ?? '').toLowerCase();
  if (category !== '') checks.push(({ row }) => row.category?.toLowerCase() === category);
  const tag = strip(filter.tag ?? '').toLowerCase();
  if (tag !== '') checks.push(({ row }) => row.tags.some(one => one.toLowerCase() === tag));
  return checks.length === 0 ? undefined : page => checks.every(check => check(page));
}

import type { MayRead } from '../readable-search.ts';
import type { EntryRow, WordStore } from './word-store.ts';
import { foldText } from './words.ts';

/** A page as filters and scores see it. */
export interface Entry {
  id: number;
  path: string;
  words: number;
  /** Folded. */
  tags(): readonly string[];
  /** Folded. */
  category(): string | undefined;
}

/** The pages that one caller may read. */
export interface PageDirectory {
  /** How many there are. */
  pages: number;
  /** Words of a page on average; 0 without a page. */
  averageWords: number;
  /** Those that were asked for, or all. */
  entries: ReadonlyMap<number, Entry>;
  /** How many of these pages the caller may read. */
  count(found: ReadonlyMap<number, unknown>): number;
}

/** Above this share of all pages reading all rows is faster than looking for some. */
const MANY = 1 / 8;

/**
 * @param ids the pages that matter; undefined: all
 * @param mayRead undefined: everything
 */
export function readDirectory(
  store: WordStore,
  ids: ReadonlySet<number> | undefined,
  mayRead: MayRead,
): PageDirectory {
  const totals = store.totals();
  const isSome = mayRead === undefined && ids !== undefined && ids.size < totals.rows * MANY;
  const entries = new Map<number, Entry>();
  let words = 0;
  for (const row of store.entries(isSome ? [...ids] : undefined)) {
    if (mayRead?.(row[1]) === false) continue;
    words += row[3];
    entries.set(row[0], entryOf(row));
  }
  const [pages, all] = isSome ? [totals.rows, totals.words] : [entries.size, words];
  const count = (found: ReadonlyMap<number, unknown>) =>
    mayRead === undefined ? found.size : countOf(found, entries);
  return { pages, averageWords: pages === 0 ? 0 : all / pages, entries, count };
}

function countOf(found: ReadonlyMap<number, unknown>, entries: ReadonlyMap<number, Entry>): number {
  let readable = 0;
  for (const id of found.keys()) if (entries.has(id)) readable += 1;
  return readable;
}

function entryOf([id, path, , words, , tags, category]: EntryRow): Entry {
  return {
    id,
    path,
    words,
    tags: () => (JSON.parse(tags) as string[]).map(foldText),
    category: () => (category === null ? undefined : foldText(category)),
  };
}

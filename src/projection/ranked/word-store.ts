import type { SearchTables } from '../../db/search-schema.ts';
import type { SqliteHandle, SqliteStatement } from '../../db/sqlite.ts';
import { findSections } from '../../wiki/markup/sections.ts';
import { frequencyOf, type TableSize } from './bm25.ts';
import { COLUMN_WEIGHTS, leafMatch, type PageWords } from './leaf-match.ts';
import type { Leaf } from './ranked-query.ts';
import { readTableSize } from './table-size.ts';
import { wordsOf } from './words.ts';

/** What filters and scores need of a page. */
export type EntryRow = readonly [
  id: number,
  path: string,
  name: string,
  words: number,
  bodyWords: number,
  tags: string,
  category: string | null,
];

/** A row without trigrams and words. */
export interface RowText {
  id: number;
  name: string;
  body: string;
}

/** What of a page's frontmatter and text is kept besides name and text. */
export interface EntryFacts {
  tags?: readonly string[];
  category?: string | null;
  /** As JSON keeps it; see the reports. */
  links?: readonly unknown[];
}

/** Words of a larger page are found anew by each search, until it is in the index. */
const MAX_KEPT_WORDS = 20_000;

/** The tables of words, and what belongs to them. Everything is synchronous. */
export class WordStore {
  readonly #sql: ReturnType<typeof prepare>;
  /** Those of the last search, which the next one needs again. */
  #pending: ReadonlyMap<number, { version: string; words: PageWords }> = new Map();

  constructor(handle: Pick<SqliteHandle<SearchTables>, 'driver'>) {
    this.#sql = prepare(handle);
  }

  /** Words themselves follow with {@link WordStore.add}. */
  putEntry(
    { id, name, body }: RowText,
    path: string,
    { tags = [], category = null, links = [] }: EntryFacts,
  ): void {
    const words = pageWords(name, body);
    const count = words.title.length + words.heading.length + words.body.length;
    this.#sql.putEntry.run(id, path, name, count, words.body.length, JSON.stringify(tags), category);
    if (links.length > 0) this.#sql.putLinks.run(id, JSON.stringify(links));
    else this.#sql.removeLinks.run(id);
  }

  remove(id: number): void {
    this.#sql.removeEntry.run(id);
    this.#sql.removeLinks.run(id);
    this.#sql.removeWords.run(id);
  }

  add(rows: readonly RowText[]): void {
    for (const { id } of rows) this.#sql.removeWords.run(id);
    for (const { id, name, body } of rows) {
      const { title, heading, body: text } = pageWords(name, body);
      this.#sql.addWords.run(id, title.join(' '), heading.join(' '), text.join(' '));
    }
  }

  clear(): void {
    this.#sql.clearEntries.run();
    this.#sql.clearLinks.run();
    this.#sql.clearWords.run();
  }

  /** Rows without words in the index, by id, with those that they have. */
  pending(): ReadonlyMap<number, PageWords> {
    const known = this.#pending;
    const kept = new Map<number, { version: string; words: PageWords }>();
    const pending = new Map<number, PageWords>();
    for (const [id, oid, name] of this.#sql.pending.all()) {
      // The id of a page that is gone may come back as that of another one.
      const version = `${oid} ${name}`;
      const before = known.get(id);
      const words = before?.version === version ? before.words : this.#wordsOf(id);
      if (words.body.length <= MAX_KEPT_WORDS) kept.set(id, { version, words });
      pending.set(id, words);
    }
    this.#pending = kept;
    return pending;
  }

  #wordsOf(id: number): PageWords {
    const { name, body } = this.text(id);
    return pageWords(name, body);
  }

  /** Weighted occurrences of a leaf by row, as far as rows are not pending. */
  frequencies(leaf: Leaf, pending: ReadonlyMap<number, unknown>): Map<number, number> {
    const rows = this.#sql.matching.all(leafMatch(leaf));
    const size = this.#size();
    const found = new Map<number, number>();
    for (const [id, value, words] of rows) {
      if (!pending.has(id)) found.set(id, frequencyOf(value, rows.length, words, size));
    }
    return found;
  }

  /** Of all pages; `ids`: of those. */
  entries(ids?: readonly number[]): IterableIterator<EntryRow> {
    return ids ? this.#sql.entriesOf.iterate(JSON.stringify(ids)) : this.#sql.entries.iterate();
  }

  /** Pages, and the words of all of them. */
  totals(): TableSize {
    const [rows, words] = this.#sql.totals.get() ?? [0, 0];
    return { rows, words };
  }

  /** Name and text of a page that is there. */
  text(id: number): { name: string; body: string } {
    const [name, body] = this.#sql.text.get(id) ?? ['', ''];
    return { name, body };
  }

  /** The links of all pages that have some: id, and what was put. */
  links(): IterableIterator<readonly [id: number, links: string]> {
    return this.#sql.links.iterate();
  }

  #size(): TableSize {
    return readTableSize(this.#sql.averages.get());
  }
}

/** The words of a page as the index has them. */
export function pageWords(name: string, body: string): PageWords {
  const headings = findSections(body).map(({ title }) => title);
  return { title: wordsOf(name), heading: wordsOf(headings.join('\n')), body: wordsOf(body) };
}

function prepare({ driver }: Pick<SqliteHandle<SearchTables>, 'driver'>) {
  const rows = <Parameters extends unknown[], Row>(source: string): SqliteStatement<Parameters, Row> =>
    driver.prepare<Parameters, Row>(source);
  const { title, heading, body } = COLUMN_WEIGHTS;
  const columns = 'id, path, name, words, body_words, tags, category';
  return {
    putEntry: rows<[number, string, string, number, number, string, string | null], never>(
      `insert or replace into entry (${columns}) values (?, ?, ?, ?, ?, ?, ?)`,
    ),
    putLinks: rows<[number, string], never>('insert or replace into link (id, links) values (?, ?)'),
    removeEntry: rows<[number], never>('delete from entry where id = ?'),
    removeLinks: rows<[number], never>('delete from link where id = ?'),
    removeWords: rows<[number], never>('delete from word where rowid = ?'),
    addWords: rows<[number, string, string, string], never>(
      'insert into word (rowid, title, heading, body) values (?, ?, ?, ?)',
    ),
    clearEntries: rows<[], never>('delete from entry'),
    clearLinks: rows<[], never>('delete from link'),
    clearWords: rows<[], never>("insert into word (word) values ('delete-all')"),
    pending: rows<[], [number, string, string]>(
      'select page.id, page.oid, page.name from pending join page on page.id = pending.id',
    ).raw(),
    text: rows<[number], [string, string]>('select name, body from page where id = ?').raw(),
    matching: rows<[string], [number, number, number]>(
      `select word.rowid, bm25(word, ${title}, ${heading}, ${body}), entry.words
       from word join entry on entry.id = word.rowid where word match ?`,
    ).raw(),
    entries: rows<[], EntryRow>(`select ${columns} from entry`).raw(),
    entriesOf: rows<[string], EntryRow>(
      `select ${columns} from entry where id in (select value from json_each(?))`,
    ).raw(),
    totals: rows<[], [number, number]>('select count(*), total(words) from entry').raw(),
    links: rows<[], [number, string]>('select id, links from link').raw(),
    averages: rows<[], Buffer>('select block from word_data where id = 1').pluck(),
  };
}

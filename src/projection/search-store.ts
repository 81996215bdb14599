import type { Runtime } from '../core/runtime.ts';
import type { EnsureCounts } from '../db/ensure.ts';
import { type SearchTables, searchSchema } from '../db/search-schema.ts';
import { openSqlite, type SqliteHandle } from '../db/sqlite.ts';
import type { Cursor } from './projection.ts';
import { type EntryFacts, WordStore } from './ranked/word-store.ts';
import { type Candidate, prepareStatements } from './search-statements.ts';
import { trigramText } from './trigram-match.ts';

/** Commits that are remembered as passed. */
const MAX_PASSED = 1_000;
/** Against 4,096 the file is a quarter smaller, scans a quarter faster. */
const PAGE_BYTES = 8_192;
/** Lower-casing text of these characters alone costs less than reading a second copy. */
const ONE_BYTE = /^[\0-\xff]*$/;

export interface SearchStoreOptions {
  file: string;
  /** What the stored text depends on besides the files; an index of another variant counts as empty. */
  variant: string;
  /** Rows that may be without trigrams; every search scores all of those. */
  maxPending: number;
  runtime: Runtime;
  /** See {@link openSqlite}. */
  ensureCounts?: EnsureCounts | undefined;
}

/** What is searched of a page. */
export interface PageContent extends EntryFacts {
  name: string;
  /** Without frontmatter. */
  body: string;
}

/** A page as the index keeps it; `text` undefined: it is not, or no longer, a page. */
export interface IndexedPage {
  path: string;
  oid: string;
  text: PageContent | undefined;
}

/** The tables of the index. Everything but opening is synchronous, and so cannot mix with other users of the handle. */
export class SearchStore {
  /** What ranked search asks. */
  readonly words: WordStore;
  readonly #handle: SqliteHandle<SearchTables>;
  readonly #options: SearchStoreOptions;
  readonly #sql: ReturnType<typeof prepareStatements>;

  private constructor(handle: SqliteHandle<SearchTables>, options: SearchStoreOptions) {
    this.#handle = handle;
    this.#options = options;
    this.#sql = prepareStatements(handle);
    this.words = new WordStore(handle);
  }

  /** @throws KittiwakeError those of {@link openSqlite} and {@link SqliteHandle.ensure} */
  static async open(options: SearchStoreOptions): Promise<SearchStore> {
    const { file, runtime, ensureCounts } = options;
    const handle = await openSqlite<SearchTables>({ file, runtime, pageBytes: PAGE_BYTES, ensureCounts });
    try {
      await handle.ensure(searchSchema);
      return new SearchStore(handle, options);
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  close(): void {
    this.#handle.close();
  }

  /** Undefined while the index is not complete. */
  cursor(): Cursor | undefined {
    const row = this.#sql.state.get();
    if (!row || row.builder !== null || row.variant !== this.#options.variant) return undefined;
    return { head: row.head, ordinal: row.ordinal };
  }

  /** The ordinal of the newest commit that was taken in as a whole, also while the index is not complete; -1 without one. */
  reached(): number {
    const row = this.#sql.state.get();
    return row && row.variant === this.#options.variant ? row.ordinal : -1;
  }

  /**
   * Writes the index to the new file `path`, which needs no other file beside it: its journal mode is `delete`.
   * @returns what it describes; undefined when the index is not complete, or another process was changing it
   */
  snapshot(path: string): Cursor | undefined {
    const before = this.cursor();
    if (!before) return undefined;
    this.#handle.driver.prepare('vacuum into ?').run(path);
    return this.cursor()?.head === before.head ? before : undefined;
  }

  hasPassed(head: string): boolean {
    return this.#sql.passed.get(head) !== undefined;
  }

  pageCount(): number {
    return this.#sql.count.get() ?? 0;
  }

  /** Blob ids of all pages by path. */
  oids(): Map<string, string> {
    return new Map(this.#sql.oids.all());
  }

  /** Runs `work` in one transaction that holds the lock for writing from its start. */
  write<R>(work: () => R): R {
    return this.#handle.driver.transaction(work).immediate();
  }

  /** The states of rows seen inside do not change until `work` has settled. */
  async read<R>(work: () => Promise<R>): Promise<R> {
    this.#handle.driver.exec('begin');
    try {
      return await work();
    } finally {
      if (this.#handle.driver.inTransaction) this.#handle.driver.exec('rollback');
    }
  }

  /**
   * Within {@link write}: nothing is complete from here to {@link setCursor}. Rows of another variant go, and what was
   * {@link reached} stays known.
   * @param builder who brings it to completion; see {@link isBuilder}
   */
  setIncomplete(builder: string): void {
    const row = this.#sql.state.get();
    const reached = this.reached();
    if (row && row.variant !== this.#options.variant) this.#clear();
    this.#sql.clearPassed.run();
    this.#sql.setState.run(null, reached, this.#options.variant, builder);
  }

  /** False when somebody else has begun to build since. */
  isBuilder(builder: string): boolean {
    return this.#sql.state.get()?.builder === builder;
  }

  /** Within {@link write}. */
  setCursor(to: Cursor, passed: readonly Cursor[]): void {
    this.#sql.setState.run(to.head, to.ordinal, this.#options.variant, null);
    for (const { head, ordinal } of passed) if (head !== null) this.#sql.addPassed.run(head, ordinal);
    this.#sql.trimPassed.run(MAX_PASSED);
  }

  /**
   * Within {@link write}. Trigrams and words follow once there are enough rows without: an insertion of its own for each page makes
   * FTS5 merge its segments all the time, 2 ms for each page, and 40 for some.
   */
  put(pages: readonly IndexedPage[]): void {
    for (const page of pages) {
      const known = this.#sql.find.get(page.path);
      if (page.text) this.#putRow(known, page, page.text);
      else if (known !== undefined) this.#remove(known);
    }
    if ((this.#sql.countPending.get() ?? 0) > this.#options.maxPending) this.#addTrigrams();
  }

  #putRow(known: number | undefined, { path, oid }: IndexedPage, text: PageContent): void {
    const [name, body] = [text.name.toWellFormed(), text.body.toWellFormed()];
    const row = [oid, name, body, ONE_BYTE.test(body) ? null : body.toLowerCase()] as const;
    const id = known ?? Number(this.#sql.insert.run(path, ...row).lastInsertRowid);
    if (known !== undefined) this.#sql.update.run(...row, known);
    this.#sql.addPending.run(id);
    this.words.putEntry({ id, name, body }, path, text);
  }

  #remove(id: number): void {
    this.#sql.remove.run(id);
    this.#sql.removePending.run(id);
    this.#sql.removeTrigrams.run(id);
    this.words.remove(id);
  }

  /**
   * Nothing but trigrams is written in between: a statement that may have to undo itself makes FTS5 write out what it
   * gathers in memory, which doubles the time. Then nothing but words.
   */
  #addTrigrams(): void {
    const rows = this.#sql.pending.all();
    for (const [id] of rows) this.#sql.removeTrigrams.run(id);
    for (const [id, name, body, folded] of rows) {
      this.#sql.addTrigrams.run(id, trigramText(`${name.toLowerCase()}\n${folded ?? body.toLowerCase()}`));
    }
    this.words.add(rows.map(([id, name, body]) => ({ id, name, body })));
    this.#sql.clearPending.run();
  }

  /** Rows that may match, in no order. All rows when `match` is undefined. */
  candidates(match: string | undefined): IterableIterator<Candidate> {
    return match === undefined ? this.#sql.all.iterate() : this.#sql.matching.iterate(match);
  }

  candidate(path: string): Candidate | undefined {
    return this.#sql.one.get(path);
  }

  #clear(): void {
    this.#sql.clearPages.run();
    this.#sql.clearPending.run();
    this.#sql.clearTrigrams.run();
    this.words.clear();
  }
}

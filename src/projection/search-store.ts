import type { Runtime } from '../core/runtime.ts';
import { type SearchTables, searchSchema } from '../db/search-schema.ts';
import { openSqlite, type SqliteHandle, type SqliteStatement } from '../db/sqlite.ts';
import { searchForeign } from './errors.ts';
import type { Cursor } from './projection.ts';
import { trigramText } from './trigram-match.ts';

/** Marks the file as ours, in the place that SQLite's header has for it: "KWSI". */
export const APPLICATION_ID = 0x4b575349;

/** Commits that are remembered as passed. */
const MAX_PASSED = 1_000;
/** Against 4,096 the file is a quarter smaller, scans a quarter faster. */
const PAGE_BYTES = 8_192;
/** Lower-casing text of these characters alone costs less than reading a second copy. */
const ONE_BYTE = /^[\0-\xff]*$/;

/** A page as the index keeps it; `text` undefined: it is not, or no longer, a page. */
export interface IndexedPage {
  path: string;
  oid: string;
  text: { name: string; body: string } | undefined;
}

/**
 * A row that may match. Text beyond one-byte strings comes as UTF-8: Node decodes that three times faster than the
 * driver does. `folded` null: lower-case the body.
 */
export type Candidate = readonly [path: string, name: string, body: string | Buffer, folded: Buffer | null];

/** The tables of the index. Everything but opening is synchronous, and so cannot mix with other users of the handle. */
export class SearchStore {
  readonly #handle: SqliteHandle<SearchTables>;
  readonly #variant: string;
  readonly #sql: ReturnType<typeof prepare>;

  private constructor(handle: SqliteHandle<SearchTables>, variant: string) {
    this.#handle = handle;
    this.#variant = variant;
    this.#sql = prepare(handle);
  }

  /**
   * @param variant what the stored text depends on besides the files; an index of another variant counts as empty
   * @throws KittiwakeError `search_foreign`, those of {@link openSqlite} and {@link SqliteHandle.ensure}
   */
  static async open(file: string, variant: string, runtime: Runtime): Promise<SearchStore> {
    const handle = await openSqlite<SearchTables>({ file, runtime, pageBytes: PAGE_BYTES });
    try {
      claim(handle);
      await handle.ensure(searchSchema);
      return new SearchStore(handle, variant);
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
    if (row?.complete !== 1 || row.variant !== this.#variant) return undefined;
    return { head: row.head, ordinal: row.ordinal };
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

  /** Within {@link write}: nothing is complete from here to {@link setCursor}. Rows of another variant go. */
  setIncomplete(): void {
    const row = this.#sql.state.get();
    if (row && row.variant !== this.#variant) this.#clear();
    this.#sql.clearPassed.run();
    this.#sql.setState.run(null, -1, this.#variant, 0);
  }

  /** Within {@link write}. */
  setCursor(to: Cursor, passed: readonly Cursor[]): void {
    this.#sql.setState.run(to.head, to.ordinal, this.#variant, 1);
    for (const { head, ordinal } of passed) if (head !== null) this.#sql.addPassed.run(head, ordinal);
    this.#sql.trimPassed.run(MAX_PASSED);
  }

  /**
   * Within {@link write}. Rows first, trigrams after them: a statement in between that may have to undo itself makes FTS5
   * write out what it gathers in memory, which doubles the time.
   */
  put(pages: readonly IndexedPage[]): void {
    const trigrams: [id: number, text: string][] = [];
    for (const page of pages) {
      const known = this.#sql.find.get(page.path);
      if (known !== undefined) this.#sql.removeTrigrams.run(known);
      if (page.text) trigrams.push(this.#putRow(known, page, page.text));
      else if (known !== undefined) this.#sql.remove.run(known);
    }
    for (const [id, text] of trigrams) this.#sql.addTrigrams.run(id, text);
  }

  #putRow(
    known: number | undefined,
    { path, oid }: IndexedPage,
    text: { name: string; body: string },
  ): [id: number, text: string] {
    const [name, body] = [text.name.toWellFormed(), text.body.toWellFormed()];
    const lower = body.toLowerCase();
    const row = [oid, name, body, ONE_BYTE.test(body) ? null : lower] as const;
    const id = known ?? Number(this.#sql.insert.run(path, ...row).lastInsertRowid);
    if (known !== undefined) this.#sql.update.run(...row, known);
    return [id, trigramText(`${name.toLowerCase()}\n${lower}`)];
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
    this.#sql.clearTrigrams.run();
  }
}

/** Marks an empty file as ours before there is anything in it. */
function claim({ file, driver }: SqliteHandle<SearchTables>): void {
  if (driver.pragma('application_id', { simple: true }) === APPLICATION_ID) return;
  const tables = driver.prepare('select count(*) from sqlite_schema').pluck().get();
  if (tables !== 0) throw searchForeign(file);
  driver.pragma(`application_id = ${APPLICATION_ID}`);
}

function prepare({ driver }: SqliteHandle<SearchTables>) {
  const rows = <Parameters extends unknown[], Row>(source: string): SqliteStatement<Parameters, Row> =>
    driver.prepare<Parameters, Row>(source);
  const columns = `page.path, page.name,
    iif(page.folded is null, page.body, cast(page.body as blob)), cast(page.folded as blob)`;
  return {
    state: rows<[], SearchTables['state']>('select * from state where id = 1'),
    setState: rows<[string | null, number, string, number], never>(
      'insert or replace into state (id, head, ordinal, variant, complete) values (1, ?, ?, ?, ?)',
    ),
    passed: rows<[string], { oid: string }>('select oid from passed where oid = ?'),
    addPassed: rows<[string, number], never>('insert or ignore into passed (oid, ordinal) values (?, ?)'),
    trimPassed: rows<[number], never>(
      'delete from passed where ordinal < (select max(ordinal) from passed) - ?',
    ),
    clearPassed: rows<[], never>('delete from passed'),
    count: rows<[], number>('select count(*) from page').pluck(),
    oids: rows<[], [string, string]>('select path, oid from page').raw(),
    find: rows<[string], number>('select id from page where path = ?').pluck(),
    insert: rows<[string, string, string, string, string | null], never>(
      'insert into page (path, oid, name, body, folded) values (?, ?, ?, ?, ?)',
    ),
    update: rows<[string, string, string, string | null, number], never>(
      'update page set oid = ?, name = ?, body = ?, folded = ? where id = ?',
    ),
    remove: rows<[number], never>('delete from page where id = ?'),
    addTrigrams: rows<[number, string], never>('insert into trigram (rowid, text) values (?, ?)'),
    removeTrigrams: rows<[number], never>('delete from trigram where rowid = ?'),
    clearPages: rows<[], never>('delete from page'),
    clearTrigrams: rows<[], never>("insert into trigram (trigram) values ('delete-all')"),
    all: rows<[], Candidate>(`select ${columns} from page`).raw(),
    matching: rows<[string], Candidate>(
      `select ${columns} from trigram join page on page.id = trigram.rowid where trigram match ?`,
    ).raw(),
    one: rows<[string], Candidate>(`select ${columns} from page where path = ?`).raw(),
  };
}

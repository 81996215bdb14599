import type { SearchTables } from '../db/search-schema.ts';
import type { SqliteHandle, SqliteStatement } from '../db/sqlite.ts';

/**
 * A row that may match. Text beyond one-byte strings comes as UTF-8: Node decodes that three times faster than the
 * driver does. `folded` null: lower-case the body.
 */
export type Candidate = readonly [path: string, name: string, body: string | Buffer, folded: Buffer | null];

/** The statements of the index, compiled once for each handle. */
export function prepareStatements({ driver }: Pick<SqliteHandle<SearchTables>, 'driver'>) {
  const rows = <Parameters extends unknown[], Row>(source: string): SqliteStatement<Parameters, Row> =>
    driver.prepare<Parameters, Row>(source);
  const columns = `page.path, page.name,
    iif(page.folded is null, page.body, cast(page.body as blob)), cast(page.folded as blob)`;
  return {
    state: rows<[], SearchTables['state']>('select * from state where id = 1'),
    setState: rows<[string | null, number, string, string | null], never>(
      'insert or replace into state (id, head, ordinal, variant, builder) values (1, ?, ?, ?, ?)',
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
    removePending: rows<[number], never>('delete from pending where id = ?'),
    addTrigrams: rows<[number, string], never>('insert into trigram (rowid, text) values (?, ?)'),
    removeTrigrams: rows<[number], never>('delete from trigram where rowid = ?'),
    addPending: rows<[number], never>('insert or ignore into pending (id) values (?)'),
    countPending: rows<[], number>('select count(*) from pending').pluck(),
    pending: rows<[], [number, string, string, string | null]>(
      'select page.id, page.name, page.body, page.folded from pending join page on page.id = pending.id',
    ).raw(),
    clearPending: rows<[], never>('delete from pending'),
    clearPages: rows<[], never>('delete from page'),
    clearTrigrams: rows<[], never>("insert into trigram (trigram) values ('delete-all')"),
    all: rows<[], Candidate>(`select ${columns} from page`).raw(),
    matching: rows<[string], Candidate>(
      `select ${columns} from pending join page on page.id = pending.id
       union all
       select ${columns} from trigram join page on page.id = trigram.rowid
       where trigram match ? and trigram.rowid not in (select id from pending)`,
    ).raw(),
    one: rows<[string], Candidate>(`select ${columns} from page where path = ?`).raw(),
  };
}

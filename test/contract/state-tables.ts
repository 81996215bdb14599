import { type Kysely, sql } from 'kysely';
import type { EnsureCounts } from '../../src/db/ensure.ts';
import type { Migration, MigrationSet } from '../../src/db/migration.ts';
import type { Given, StateDatabase } from '../../src/db/state/state-database.ts';

export interface TestTables {
  /** One row, `all`. */
  counter: { name: string; value: number };
  entry: { id: string; nth: number; note: string };
}

export type TestState = StateDatabase<TestTables>;

export interface StateOptions {
  /** Default: {@link countSchema}. */
  schema?: MigrationSet;
  ensureCounts?: EnsureCounts;
}

/** Where one database lies, which may not be there yet; any number of handles lead to it. */
export interface StatePlace {
  /** The handle is closed when the test is over. */
  open(options?: StateOptions): TestState;
}

/** Makes a place for the running test alone. */
export type MakePlace = () => StatePlace | Promise<StatePlace>;

/** Leaves a row, so that a second run would show. */
export const counters: Migration = {
  name: '0001-counters',
  statements: database => [
    sql`create table counter (name text primary key, value bigint not null)`,
    database.schema
      .createTable('entry')
      .addColumn('id', 'text', column => column.primaryKey())
      .addColumn('nth', 'bigint', column => column.notNull())
      .addColumn('note', 'text', column => column.notNull()),
    sql`insert into counter (name, value) values ('all', 0)`,
  ],
};

/** Raises the counter by a thousand. */
export const thousand: Migration = {
  name: '0002-thousand',
  statements: () => [sql`update counter set value = value + 1000 where name = 'all'`],
};

/** Does something before it fails. */
export const broken: Migration = {
  name: '0002-broken',
  statements: () => [
    sql`update counter set value = value + 1000 where name = 'all'`,
    sql`create table broken (name text)`,
    sql`insert into nowhere (name) values ('x')`,
  ],
};

export function schemaOf(...migrations: Migration[]): MigrationSet {
  return { name: 'test', migrations };
}

export const countSchema = schemaOf(counters);

/** Raises the counter, reads before it writes, and enters the new value under an id of its own. Returns both. */
export function raise(
  database: TestState,
  id?: string,
  options?: { deadlineMs?: number },
): Promise<{ id: string; nth: number }> {
  return database.write(async (state, given) => raised(state, id ?? given.id(), ''), options);
}

/** As {@link raise}; whatever attempt was kept, its row says `note`. */
export function raiseNoting(database: TestState, note: string): Promise<{ id: string; nth: number }> {
  return database.write(async (state, given) => raised(state, given.id(), note));
}

async function raised(
  state: Kysely<TestTables>,
  id: string,
  note: string,
): Promise<{ id: string; nth: number }> {
  const { value } = await state.selectFrom('counter').select('value').executeTakeFirstOrThrow();
  const nth = value + 1;
  await state.updateTable('counter').set({ value: nth }).execute();
  await state.insertInto('entry').values({ id, nth, note }).execute();
  return { id, nth };
}

/** All that is there now. */
export async function countOf(database: TestState): Promise<{ value: number; ids: string[] }> {
  return database.read(
    async state => {
      const { value } = await state.selectFrom('counter').select('value').executeTakeFirstOrThrow();
      const rows = await state.selectFrom('entry').select('id').orderBy('id').execute();
      return { value, ids: rows.map(({ id }) => id) };
    },
    { maxAgeMs: 0 },
  );
}

export function add(given: Given, note: string, nth = 0): TestTables['entry'] {
  return { id: given.id(), nth, note };
}

import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { stateReturned } from '../errors.ts';
import type { SqliteDriver } from '../sqlite.ts';

/** A connection, lent to one piece of work. */
export interface LentState<T> {
  readonly state: Kysely<T>;
  /** From now on every query is refused, also one that was made before. */
  takeBack(): void;
}

/** Lends the connection of `driver`, which its owner uses for nothing else meanwhile. */
export function lend<T>(driver: SqliteDriver, name: string): LentState<T> {
  const connection = new LentConnection(driver, name);
  const state = new Kysely<T>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new OneConnection(connection),
      createIntrospector: database => new SqliteIntrospector(database),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  return { state, takeBack: () => connection.takeBack() };
}

class LentConnection implements DatabaseConnection {
  readonly #driver: SqliteDriver;
  readonly #name: string;
  #isLent = true;

  constructor(driver: SqliteDriver, name: string) {
    this.#driver = driver;
    this.#name = name;
  }

  takeBack(): void {
    this.#isLent = false;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#isLent) throw stateReturned(this.#name);
    const statement = this.#driver.prepare<unknown[], R>(sql);
    if (statement.reader) return { rows: statement.all(...parameters) };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  // biome-ignore lint/correctness/useYield: a state is small, and its rows come at once.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error(`Using the state "${this.#name}": rows come at once, not as a stream`);
  }
}

/** The work is in a transaction already: it has no other one. */
class OneConnection implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(): Promise<void> {
    throw new Error('Using a state: the work is one transaction already, and cannot begin another one');
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

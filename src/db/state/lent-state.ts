import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { stateReturned, transactionNested } from '../errors.ts';
import { OneConnection } from '../one-connection.ts';
import type { SqliteDriver } from '../sqlite.ts';

/** A connection, lent to one piece of work. */
export interface LentState<T> {
  readonly state: Kysely<T>;
  /** The first statement that failed. It ends the transaction, whatever the work made of it: other engines cannot go on either. */
  readonly failure: { error: unknown } | undefined;
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
  return {
    state,
    get failure() {
      return connection.failure;
    },
    takeBack: () => connection.takeBack(),
  };
}

/** What would end the transaction, or outlast it. */
const CONTROL = /^\s*(attach|begin|commit|detach|end|pragma|release|rollback|savepoint|vacuum)\b/i;

class LentConnection implements DatabaseConnection {
  readonly #driver: SqliteDriver;
  readonly #name: string;
  #isLent = true;
  failure: { error: unknown } | undefined;

  constructor(driver: SqliteDriver, name: string) {
    this.#driver = driver;
    this.#name = name;
  }

  takeBack(): void {
    this.#isLent = false;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#isLent) throw stateReturned(this.#name);
    if (CONTROL.test(sql)) throw transactionNested(this.#name, `"${sql}"`);
    try {
      return this.#run(sql, parameters);
    } catch (error) {
      this.failure ??= { error };
      throw error;
    }
  }

  #run<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
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

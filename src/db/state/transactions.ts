import type { Kysely } from 'kysely';
import { isKittiwakeError } from '../../core/errors.ts';
import { databaseCorrupt, databaseUnavailable, transactionImpure } from '../errors.ts';
import type { MigrationSet } from '../migration.ts';
import { isCorruption, isOutOfOrder, type SqliteDriver, type SqliteHandle, tryBegin } from '../sqlite.ts';
import { lend } from './lent-state.ts';

export type StateReading<T, R> = (state: Kysely<T>) => Promise<R>;

/** Work that may look at the connection itself. */
type InTransaction<T, R> = (state: Kysely<T>, driver: SqliteDriver) => Promise<R>;

export interface TransactionsOptions<T> {
  handle: SqliteHandle<T>;
  schema: MigrationSet;
  /** What errors call the database. */
  name: string;
}

/** The transactions of one connection, one after the other. */
export class Transactions<T> {
  readonly #options: TransactionsOptions<T>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TransactionsOptions<T>) {
    this.#options = options;
  }

  /** Runs `work`, which may use the handle as it likes, while no transaction is under way. */
  alone<R>(work: (handle: SqliteHandle<T>) => Promise<R>): Promise<R> {
    const result = this.#last.then(() => work(this.#options.handle));
    this.#last = result.catch(() => {});
    return result;
  }

  /**
   * Makes sure of the schema, and runs `work` in a transaction: all of it is kept or nothing. One that reads keeps nothing.
   * @returns undefined when another connection is in the way: nothing was run
   * @throws KittiwakeError `transaction_impure`; those of the schema's check; what `work` throws
   */
  attempt<R>(kind: 'read' | 'write', work: InTransaction<T, R>): Promise<{ value: R } | undefined> {
    return this.alone(async handle => {
      try {
        await handle.ensure(this.#options.schema);
        return await this.#attempt(kind, work, handle.driver);
      } catch (error) {
        throw namingDatabase(error, this.#options.name);
      }
    });
  }

  /** As {@link Transactions.attempt}, on a database that no other connection uses. */
  async run<R>(kind: 'read' | 'write', work: InTransaction<T, R>): Promise<R> {
    const done = await this.attempt(kind, work);
    if (done !== undefined) return done.value;
    throw databaseUnavailable(this.#options.name, 'another connection holds its lock');
  }

  async #attempt<R>(
    kind: 'read' | 'write',
    work: InTransaction<T, R>,
    driver: SqliteDriver,
  ): Promise<{ value: R } | undefined> {
    if (!tryBegin(driver, kind)) return undefined;
    try {
      if (kind === 'read') driver.pragma('query_only = on');
      const value = await this.#settled(work);
      if (kind === 'write') driver.exec('commit');
      return { value };
    } finally {
      if (kind === 'read') driver.pragma('query_only = off');
      if (driver.inTransaction) driver.exec('rollback');
    }
  }

  /**
   * Queries of SQLite wait for no event, and so work that awaits nothing else has ended when only events can bring anything on.
   */
  async #settled<R>(work: InTransaction<T, R>): Promise<R> {
    const { handle, name } = this.#options;
    const lent = lend<T>(handle.driver, name);
    try {
      const running = work(lent.state, handle.driver);
      const first = await Promise.race([running, quiet().then(() => LATE)]);
      if (first === LATE) {
        running.catch(() => {});
        throw transactionImpure(name);
      }
      if (lent.failure !== undefined) throw lent.failure.error;
      return first as R;
    } finally {
      lent.takeBack();
    }
  }
}

const LATE = Symbol('late');

/** Resolves when no promise has a continuation left to run: Node serves the tick queue after the microtasks. */
function quiet(): Promise<void> {
  return Promise.resolve().then(() => new Promise(resolve => process.nextTick(resolve)));
}

/** What is wrong with the database is told as such; everything else is the work's own affair. */
function namingDatabase(error: unknown, name: string): unknown {
  if (isKittiwakeError(error)) return error;
  if (isCorruption(error)) return databaseCorrupt(name, error);
  return isOutOfOrder(error) ? databaseUnavailable(name, error) : error;
}

import type { Kysely } from 'kysely';
import type { Runtime } from '../../core/runtime.ts';
import { databaseCorrupt, databaseUnavailable, transactionImpure } from '../errors.ts';
import type { MigrationSet } from '../migration.ts';
import { isCorruption, isOutOfOrder, type SqliteDriver, type SqliteHandle, tryBegin } from '../sqlite.ts';
import { lend } from './lent-state.ts';

export type StateReading<T, R> = (state: Kysely<T>) => Promise<R>;

export interface TransactionsOptions<T> {
  handle: SqliteHandle<T>;
  schema: MigrationSet;
  /** What errors call the database. */
  name: string;
  runtime: Pick<Runtime, 'turn'>;
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
  attempt<R>(kind: 'read' | 'write', work: StateReading<T, R>): Promise<{ value: R } | undefined> {
    return this.alone(async handle => {
      try {
        await handle.ensure(this.#options.schema);
        return await this.#attempt(kind, work, handle.driver);
      } catch (error) {
        throw namingDatabase(error, this.#options.name);
      }
    });
  }

  async #attempt<R>(
    kind: 'read' | 'write',
    work: StateReading<T, R>,
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
   * Queries of SQLite are answered within the turn of the event loop in which they are asked, and so work that awaits nothing
   * else has ended when the next one comes.
   */
  async #settled<R>(work: StateReading<T, R>): Promise<R> {
    const { handle, name, runtime } = this.#options;
    const { state, takeBack } = lend<T>(handle.driver, name);
    try {
      const turn = runtime.turn().then(() => LATE);
      const running = work(state);
      const first = await Promise.race([running, turn]);
      if (first !== LATE) return first as R;
      running.catch(() => {});
      throw transactionImpure(name);
    } finally {
      takeBack();
    }
  }
}

const LATE = Symbol('the next turn');

/** What is wrong with the database is told as such; everything else is the work's own affair. */
function namingDatabase(error: unknown, name: string): unknown {
  if (isCorruption(error)) return databaseCorrupt(name, error);
  return isOutOfOrder(error) ? databaseUnavailable(name, error) : error;
}

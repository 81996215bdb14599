import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { stateReturned, transactionNested } from '../errors.ts';
import { OneConnection } from '../one-connection.ts';
import { isConflict, isLost } from './failure.ts';
import type { Session } from './session.ts';

export interface Loan {
  /** For errors. */
  location: string;
  /** Milliseconds that a statement may take from now. */
  leftMs(): number;
}

/**
 * Kysely on one connection for as long as one piece of work lasts. What is left of it afterwards can do nothing on a
 * connection that others have by then.
 */
class LentState<T> implements DatabaseConnection {
  readonly kysely: Kysely<T>;
  readonly #session: Session;
  readonly #loan: Loan;
  #underWay = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isReturned = false;
  #failure: { error: unknown } | undefined;

  constructor(session: Session, loan: Loan) {
    this.#session = session;
    this.#loan = loan;
    this.kysely = kyselyOn<T>(new OneConnection(this));
  }

  /** The first statement that failed; it has ended the transaction, whatever the work made of it. */
  get failure(): { error: unknown } | undefined {
    return this.#failure;
  }

  /** Takes the state back. @returns whether the work had waited for all of its statements */
  async takeBack(): Promise<boolean> {
    const isIdle = this.#underWay === 0;
    this.#isReturned = true;
    await this.#last;
    return isIdle;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#isReturned) throw stateReturned(this.#loan.location);
    if (CONTROL.test(sql)) throw transactionNested(this.#loan.location, `"${sql}"`);
    this.#underWay += 1;
    // One after the other: a connection runs one statement at a time.
    const result = this.#last.then(() => this.#session.query(sql, parameters, this.#loan.leftMs()));
    this.#last = result.catch(error => {
      this.#failure ??= { error };
    });
    try {
      const { rows, rowCount, command } = await result;
      return command === 'SELECT' ? { rows } : { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    } finally {
      this.#underWay -= 1;
    }
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw transactionNested(this.#loan.location, 'a stream');
  }
}

/** What would end the transaction, or change what it is. */
const CONTROL = /^\s*(abort|begin|commit|end|prepare|release|rollback|savepoint|set|start)\b/i;

/** Makes statements for PostgreSQL, and runs them through `driver`. By default it runs none. */
export function kyselyOn<T>(driver: Driver = new DummyDriver()): Kysely<T> {
  return new Kysely<T>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: database => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** Outside of a transaction: each statement by itself, and any may fail. To be used while the session is. */
export function stateOn(session: Session, loan: Loan): Kysely<unknown> {
  return new LentState<unknown>(session, loan).kysely;
}

/**
 * Runs work in the transaction that was begun on `session`. A statement that failed has ended that, whatever the work made
 * of it; what is no fault of the work is thrown in place of its own words.
 */
export async function runLent<T, R>(
  session: Session,
  loan: Loan,
  work: (state: Kysely<T>) => Promise<R>,
): Promise<R> {
  const lent = new LentState<T>(session, loan);
  const ended = session.ended.then(error => Promise.reject(error));
  const [outcome] = await Promise.allSettled([Promise.race([work(lent.kysely), ended])]);
  const isIdle = await lent.takeBack();
  const { failure } = lent;
  if (failure && (outcome.status === 'fulfilled' || isConflict(failure.error) || isLost(failure.error))) {
    throw failure.error;
  }
  if (outcome.status === 'rejected') throw outcome.reason;
  if (!isIdle) throw stateReturned(loan.location);
  return outcome.value;
}

import { type Runtime, randomId } from '../../core/runtime.ts';
import { givenNow } from '../state/given.ts';
import type { StateWork } from '../state/state-database.ts';
import { isAbort } from './failure.ts';
import { type Loan, runLent } from './lent-state.ts';
import { settings } from './schema.ts';
import type { Session } from './session.ts';

/** Once in so many writes the ids of old ones are removed. */
const SWEEP_EVERY = 128;

/**
 * One write, over all of its attempts. Each attempt enters the same random id in a table with a unique index, in the
 * transaction of the work. After a COMMIT of unknown outcome the next attempt either finds the id, and the work was kept, or
 * enters it, and the earlier transaction has ended without a trace: while that is open, its id cannot be entered.
 */
export class PendingWrite<T, R> {
  readonly #id: string;
  readonly #work: StateWork<T, R>;
  readonly #schema: string;
  readonly #runtime: Runtime;
  #unsettled: { value: R } | undefined;

  constructor(schema: string, work: StateWork<T, R>, runtime: Runtime) {
    this.#id = randomId(runtime);
    this.#schema = schema;
    this.#work = work;
    this.#runtime = runtime;
  }

  /** An attempt may have been kept, or may yet be. */
  get isUnsettled(): boolean {
    return this.#unsettled !== undefined;
  }

  /** @throws what the work throws, when nothing is kept; what the server says */
  async attempt(session: Session, loan: Loan): Promise<R> {
    try {
      const isKept = !(await this.#begin(session, loan.leftMs()));
      if (isKept && this.#unsettled) return this.#unsettled.value;
      this.#unsettled = undefined;
      const given = givenNow(this.#runtime);
      const value = await runLent<T, R>(session, loan, state => this.#work(state, given));
      await this.#commit(session, loan.leftMs(), value);
      return value;
    } finally {
      await session.end();
    }
  }

  /**
   * Writers take turns, in the order in which they came: the lock comes before the snapshot, so that who has waited sees what the
   * others have written. It keeps no reader out.
   * @returns whether the id was entered now
   */
  async #begin(session: Session, leftMs: number): Promise<boolean> {
    const sweep = this.#runtime.random() < 1 / SWEEP_EVERY ? [SWEEP] : [];
    const text = [
      'begin isolation level serializable',
      ...settings(this.#schema, { statementMs: leftMs, lockMs: leftMs }),
      'lock table kittiwake_migration in share update exclusive mode',
      ...sweep,
      `insert into kittiwake_write (id) values ('${this.#id}') on conflict do nothing returning id`,
    ];
    return (await session.begin(text, leftMs)).rows.length > 0;
  }

  async #commit(session: Session, leftMs: number, value: R): Promise<void> {
    try {
      await session.commit(leftMs);
    } catch (error) {
      if (!isAbort(error)) this.#unsettled = { value };
      throw error;
    }
  }
}

const SWEEP = "delete from kittiwake_write where written_at < now() - interval '1 day'";

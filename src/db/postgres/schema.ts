import type { Kysely } from 'kysely';
import type { Runtime } from '../../core/runtime.ts';
import {
  type MigrationPlan,
  migrate,
  migrateLocked,
  type PlanOptions,
  planMigrations,
  type Reading,
  type UnderLock,
} from '../migrate.ts';
import type { MigrationSet } from '../migration.ts';
import { kyselyOn, type Loan, runLent, stateOn } from './lent-state.ts';
import type { PostgresServer } from './server.ts';
import type { Session } from './session.ts';

/** Migrations may rewrite tables; whoever waits for another process to migrate waits for no longer than 20 s. */
const MIGRATION_MS = 600_000;
const LOCK_WAIT_MS = 20_000;
const QUERY_MS = 10_000;

/** One schema of a PostgreSQL database. All that is done there is done in its name alone. */
export class PostgresSchema {
  readonly name: string;
  readonly location: string;
  readonly #server: PostgresServer;
  readonly #set: MigrationSet;
  readonly #runtime: Pick<Runtime, 'now'>;

  /** @param name letters, digits and underscores */
  constructor(server: PostgresServer, name: string, set: MigrationSet, runtime: Pick<Runtime, 'now'>) {
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new TypeError(`not the name of a schema: "${name}"`);
    this.name = name;
    this.location = `${server.location} schema ${name}`;
    this.#server = server;
    this.#set = set;
    this.#runtime = runtime;
  }

  /** Makes what is missing. @throws KittiwakeError as {@link migrate} */
  migrate(): Promise<readonly string[]> {
    const underLock: UnderLock = (_, work) => this.#locked(work);
    return migrate({ ...this.#planned(), underLock, runtime: this.#runtime });
  }

  plan(): Promise<MigrationPlan> {
    return planMigrations(this.#planned());
  }

  /** Whether it was ever written. */
  async exists(): Promise<boolean> {
    const text = "select 1 from pg_tables where schemaname = $1 and tablename = 'kittiwake_migration'";
    return (await this.#ask(text)).length > 0;
  }

  async bytes(): Promise<number> {
    const text = `select coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`;
    return Number((await this.#ask(text))[0]?.bytes);
  }

  /** Begins a transaction that reads. */
  async beginReading(session: Session, leftMs: number): Promise<void> {
    const limits = { statementMs: leftMs, lockMs: leftMs };
    await session.begin(
      ['begin isolation level repeatable read, read only', ...settings(this.name, limits)],
      leftMs,
    );
  }

  /**
   * The same where there is nothing yet: makes everything, for this transaction alone, which is never committed.
   * @returns false when there is something by now, which others may be writing
   */
  async pretend(session: Session): Promise<boolean> {
    if ((await this.#beginLocked(session)).isThere) return false;
    await runLent<unknown, unknown>(session, this.#loan(MIGRATION_MS), locked =>
      migrateLocked(locked, this.#set, this.#runtime),
    );
    await session.query('set transaction read only', [], QUERY_MS);
    return true;
  }

  #planned(): PlanOptions {
    const reading: Reading = async work => {
      const session = await this.#server.borrow();
      try {
        return await work(stateOn(session, this.#loan(QUERY_MS)).withSchema(this.name));
      } finally {
        await session.end();
      }
    };
    return { database: kyselyOn(), set: this.#set, reading };
  }

  async #ask(text: string): Promise<{ bytes?: unknown }[]> {
    const session = await this.#server.borrow();
    try {
      return (await session.query(text, [this.name], QUERY_MS)).rows;
    } finally {
      await session.end();
    }
  }

  async #locked<R>(work: (locked: Kysely<unknown>) => Promise<R>): Promise<R> {
    const session = await this.#server.borrow();
    try {
      await this.#beginLocked(session);
      const value = await runLent(session, this.#loan(MIGRATION_MS), work);
      await session.commit(QUERY_MS);
      return value;
    } finally {
      await session.end();
    }
  }

  /**
   * Read committed: what is read after the lock was waited for is what its last holder has left. A role that may make no
   * schemas can be given one.
   */
  async #beginLocked(session: Session): Promise<{ isThere: boolean }> {
    const text = [
      'begin isolation level read committed',
      ...settings(this.name, { statementMs: MIGRATION_MS, lockMs: LOCK_WAIT_MS }),
      `select pg_advisory_xact_lock(hashtextextended('${this.name}', 0))`,
      // The functions to_regnamespace and to_regclass may answer from before the lock was waited for.
      `select exists (select from pg_namespace where nspname = '${this.name}') as named,
        exists (select from pg_tables where schemaname = '${this.name}' and tablename = 'kittiwake_migration') as made`,
    ];
    const [found] = (await session.begin(text, LOCK_WAIT_MS)).rows;
    const missing = found.named ? [] : [`create schema ${this.name}`];
    await session.script([...missing, WRITES], QUERY_MS);
    return { isThere: Boolean(found.made) };
  }

  #loan(limitMs: number): Loan {
    return { location: this.location, leftMs: () => limitMs };
  }
}

/** The ids of the writes of the last day or longer, by which a COMMIT of unknown outcome is settled. */
const WRITES = `create table if not exists kittiwake_write (
  id text primary key,
  written_at timestamptz not null default now()
)`;

/** A client that is silent within a transaction loses it: its work waits for something else, or its process is frozen. */
const SILENCE_MS = 5_000;

/** Of the transaction that has begun: where its tables are, and what bounds it. */
export function settings(schema: string, limits: { statementMs: number; lockMs: number }): string[] {
  return [
    `set local search_path to ${schema}`,
    `set local statement_timeout to ${Math.ceil(limits.statementMs)}`,
    `set local lock_timeout to ${Math.ceil(limits.lockMs)}`,
    `set local idle_in_transaction_session_timeout to ${SILENCE_MS}`,
  ];
}

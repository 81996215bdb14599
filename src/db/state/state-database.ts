import type { Kysely } from 'kysely';
import type { MigrationPlan } from '../migrate.ts';

/**
 * The relational state of one wiki (or of the server), on any engine: SQLite as a file, SQLite as a snapshot in the
 * store, PostgreSQL. The schema is made sure of on the first use of each handle.
 */
export interface StateDatabase<T> {
  readonly engine: 'file' | 'snapshot' | 'postgres';

  /**
   * Runs `work` on one consistent state. It awaits nothing but `state`, and changes nothing.
   * @param options.maxAgeMs how old the state may be where it is remote. Default 1,000
   * @throws KittiwakeError `database_unavailable`, `transaction_impure`, those of the schema's check, of `swap` where the state is
   * remote; what `work` throws
   */
  read<R>(work: (state: Kysely<T>) => Promise<R>, options?: { maxAgeMs?: number }): Promise<R>;

  /**
   * Runs `work` in one transaction: all of it is kept or nothing. It is run again after a conflict, so it decides from
   * nothing but its arguments and awaits nothing but `state`; only the value of the attempt that was kept leaves. Throw to
   * refuse: nothing is kept.
   * @param options.deadlineMs when to give up, in runtime milliseconds. Default: in 25,000
   * @throws KittiwakeError `contention` (nothing was written), `outcome_unknown`, `database_unavailable`, `transaction_impure`,
   * `state_too_large`, those of the schema's check, of `swap` where the state is remote; what `work` throws
   */
  write<R>(work: StateWork<T, R>, options?: { deadlineMs?: number }): Promise<R>;

  /** False while nothing was ever written: asked by those who must not make a database. Makes nothing. */
  exists(): Promise<boolean>;

  /** What is there, and what {@link StateDatabase.migrate} would do. Reads only: makes nothing. */
  status(): Promise<StateStatus>;

  /**
   * Makes the database if need be and brings its schema up to date, whatever is known or assumed of it.
   * @returns the names of the migrations that ran
   * @throws KittiwakeError as the schema's check
   */
  migrate(): Promise<readonly string[]>;

  /** Ends all use. Calling it again does nothing. */
  close(): Promise<void>;
}

export interface StateStatus extends MigrationPlan {
  /** For people: a file, a key in the store, or a server with the name of a schema. Without secrets. */
  location: string;
  exists: boolean;
  /** What it takes where it lies. Absent: not known. */
  bytes?: number;
}

export type StateWork<T, R> = (state: Kysely<T>, given: Given) => Promise<R>;

/** What a transaction needs besides the state; the same for every engine, fresh for every attempt. */
export interface Given {
  /** Milliseconds since the epoch. */
  nowMs: number;
  /** 32 random hex digits. */
  id(): string;
}

import { KittiwakeError } from '../core/errors.ts';

/** The file cannot be used: no permission, no space, locked by others for too long. */
export function databaseUnavailable(file: string, cause: unknown): KittiwakeError {
  return new KittiwakeError('database_unavailable', `Using the database "${file}": ${reasonOf(cause)}`, {
    data: { file },
    cause,
  });
}

/** The file is no SQLite database, or a damaged one. */
export function databaseCorrupt(file: string, cause: unknown): KittiwakeError {
  return new KittiwakeError('database_corrupt', `Reading the database "${file}": ${reasonOf(cause)}`, {
    data: { file },
    cause,
  });
}

/** The database was written by a later version of the program. */
export function schemaNewer(set: string, migration: string): KittiwakeError {
  return new KittiwakeError(
    'schema_newer',
    `Checking the schema "${set}": the database has migration "${migration}", which this version does not know; run the version that made it, or a later one`,
    { data: { set, migration } },
  );
}

/** Migrations are immutable once they ran somewhere. */
export function migrationChanged(
  set: string,
  migration: string,
  checksums: { applied: string; known: string },
): KittiwakeError {
  return new KittiwakeError(
    'migration_changed',
    `Checking the schema "${set}": migration "${migration}" was applied with checksum "${checksums.applied}", this version has "${checksums.known}"; a migration must not change after it ran, add another one`,
    { data: { set, migration, ...checksums } },
  );
}

/** A migration was inserted before, or taken from between, others that ran already. */
export function migrationOrder(set: string, applied: string, known: string): KittiwakeError {
  return new KittiwakeError(
    'migration_order',
    `Checking the schema "${set}": the database has "${applied}" where this version has "${known}"; migrations are only added at the end`,
    { data: { set, applied, known } },
  );
}

export function migrationFailed(set: string, migration: string, cause: unknown): KittiwakeError {
  return new KittiwakeError(
    'migration_failed',
    `Applying migration "${migration}" of the schema "${set}": ${reasonOf(cause)}; nothing of it was kept`,
    { data: { set, migration }, cause },
  );
}

/** A transaction awaited something else than its state, so it could not be run again, or would hold others up. */
export function transactionImpure(database: string): KittiwakeError {
  return new KittiwakeError(
    'transaction_impure',
    `Using the state "${database}": the work awaited something else than the state; nothing of it was kept`,
    { data: { database } },
  );
}

/** The state was used after the work that it was lent to had ended. */
export function stateReturned(database: string): KittiwakeError {
  return new KittiwakeError(
    'transaction_impure',
    `Using the state "${database}": the work that it was given to has ended; await every query in it`,
    { data: { database } },
  );
}

/** Known not to be written, now or later. The code is that of `swap`, which it stands for here. */
export function stateContention(database: string, retryAfterMs: number): KittiwakeError {
  return new KittiwakeError(
    'contention',
    `Writing the state "${database}": gave up at the deadline, nothing was written`,
    { data: { database, retryAfterMs } },
  );
}

export function stateClosed(database: string): KittiwakeError {
  return new KittiwakeError('database_unavailable', `Using the state "${database}": it is closed`, {
    data: { database },
  });
}

/** The work that was given a transaction asked for what would end it, or outlast it. */
export function transactionNested(database: string, what: string): KittiwakeError {
  return new KittiwakeError(
    'transaction_impure',
    `Using the state "${database}": the work asked for ${what}; it has the one transaction that it was given`,
    { data: { database } },
  );
}

/** The write may be there, or not. */
export function stateUnknown(database: string, cause: unknown): KittiwakeError {
  return new KittiwakeError(
    'outcome_unknown',
    `Writing the state "${database}": gave up before the server told whether it was written: ${reasonOf(cause)}`,
    { data: { database }, cause },
  );
}

/** The bytes of a snapshot are there and are none. */
export function stateCorrupt(reason: string): KittiwakeError {
  return new KittiwakeError('state_corrupt', `Reading a snapshot of the state: ${reason}`);
}

/** A snapshot of a later version of the program. */
export function stateNewer(found: number, known: number): KittiwakeError {
  return new KittiwakeError(
    'state_newer',
    `Reading a snapshot of the state: its format is ${found}, this version knows ${known}; run the version that made it, or a later one`,
    { data: { found, known } },
  );
}

export function stateTooLarge(database: string, bytes: number, maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'state_too_large',
    `Writing the state "${database}": it would take ${bytes} bytes, at most ${maxBytes} are kept in the bucket; use PostgreSQL (DATABASE_URL)`,
    { data: { database, bytes, maxBytes } },
  );
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

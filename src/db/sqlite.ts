import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Runtime } from '../core/runtime.ts';
import { makeDurableFolder } from './durable-folder.ts';
import { type EnsureCounts, SchemaMemory, type SchemaMode } from './ensure.ts';
import { databaseCorrupt, databaseUnavailable } from './errors.ts';
import { type MigrationPlan, migrate, planMigrations, type UnderLock } from './migrate.ts';
import type { MigrationSet } from './migration.ts';

/** The synchronous driver, for prepared statements on hot paths. */
export type SqliteDriver = Database.Database;
export type SqliteStatement<Parameters extends unknown[], Row> = Database.Statement<Parameters, Row>;

export interface SqliteOptions {
  /** Path of the file, whose folder is made when it is absent; or `':memory:'`. */
  file: string;
  runtime: Pick<Runtime, 'now' | 'sleep'>;
  /**
   * Default `wal`: readers and a writer do not wait for each other, and a small commit costs no fsync (0.5 ms for one page of the
   * search index against 1.3 ms with `delete`). `delete` keeps the database in the one file, as snapshots need.
   */
  journal?: 'wal' | 'delete';
  /**
   * Default `normal`: sound after a crash, but after a power cut the last commits may be gone in `wal`. `full` keeps
   * them.
   */
  synchronous?: 'normal' | 'full';
  /** How long a statement waits for another connection's lock, blocking this thread. Default 5,000. */
  busyTimeoutMs?: number;
  /** Of a file that does not exist yet. A power of two from 512 to 65,536; default 4,096. */
  pageBytes?: number;
  /** Counts the checks of schemas of several handles together. Default: of this one alone. */
  ensureCounts?: EnsureCounts | undefined;
  /** Default `auto`. */
  schemaMode?: SchemaMode | undefined;
}

/** An open database. */
export interface SqliteHandle<T> {
  readonly file: string;
  readonly kysely: Kysely<T>;
  readonly driver: SqliteDriver;
  /** Makes sure that a schema is there: {@link SchemaMemory.ensure}, {@link migrate}. */
  ensure(set: MigrationSet): Promise<void>;
  readonly ensureCounts: Readonly<EnsureCounts>;
  /** Brings a schema up to date, whatever is known or assumed of it: {@link migrate}. */
  migrate(set: MigrationSet): Promise<readonly string[]>;
  /** What {@link SqliteHandle.migrate} would do. Reads only. */
  plan(set: MigrationSet): Promise<MigrationPlan>;
  /** Ends all use. Calling it again does nothing. */
  close(): void;
}

const OPEN_ATTEMPTS = 100;
const PAUSE_MS = 20;
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens or makes a SQLite database. Reads no more than its header.
 * @throws KittiwakeError `database_unavailable`, `database_corrupt`
 */
export async function openSqlite<T>(options: SqliteOptions): Promise<SqliteHandle<T>> {
  return handleOf(await openDriver(options), options);
}

/**
 * Opens a database in memory; `file` is what errors call it.
 * @param image the bytes of a file to begin with, which are copied. Empty: a new database
 * @throws KittiwakeError `database_corrupt`
 */
export function openImage<T>(image: Buffer, options: SqliteOptions): SqliteHandle<T> {
  const driver = new Database(image.length === 0 ? ':memory:' : image);
  try {
    // What is deleted takes no bytes, and is not to be found any more.
    if (image.length === 0) driver.pragma('auto_vacuum = full');
    driver.pragma('secure_delete = on');
    return handleOf(driver, options);
  } catch (error) {
    driver.close();
    throw isCorruption(error) ? databaseCorrupt(options.file, error) : error;
  }
}

function handleOf<T>(driver: SqliteDriver, options: SqliteOptions): SqliteHandle<T> {
  const kysely = new Kysely<T>({ dialect: new SqliteDialect({ database: driver }) });
  const database = kysely as Kysely<unknown>;
  const underLock = immediateTransactions(driver, options);
  const { runtime, ensureCounts, schemaMode } = options;
  const bring = (set: MigrationSet) => migrate({ database, set, underLock, runtime });
  const assume = async (set: MigrationSet) => (hasTables(driver) ? [] : await bring(set));
  const memory = new SchemaMemory(schemaMode === 'assume' ? assume : bring, ensureCounts, schemaMode);
  return {
    file: options.file,
    kysely,
    driver,
    ensure: set => memory.ensure(set),
    get ensureCounts() {
      return memory.counts;
    },
    migrate: bring,
    plan: set => planMigrations({ database, set }),
    close: () => {
      driver.close();
    },
  };
}

/** True when an error says that the database file is damaged or none at all. */
export function isCorruption(error: unknown): boolean {
  const code = sqliteCode(error) ?? '';
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_IOERR_SHORT_READ';
}

/** True when another connection holds a lock that the statement needs. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error) ?? '';
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
}

/** True when the file cannot be used as things are: no space, no permission, no lock, a broken disk. */
export function isOutOfOrder(error: unknown): boolean {
  const code = sqliteCode(error) ?? '';
  return isBusy(error) || /^SQLITE_(FULL|IOERR|CANTOPEN|READONLY|PERM|NOMEM)/.test(code);
}

/** True for the driver's own errors. */
export function isSqliteError(error: unknown): boolean {
  return error instanceof Database.SqliteError;
}

/**
 * Begins a transaction that sees one state of the database from now on; one that writes holds the only lock. Waits for nobody.
 * @returns false when another connection is in the way
 */
export function tryBegin(driver: SqliteDriver, kind: 'read' | 'write'): boolean {
  try {
    begin(driver, kind);
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

/** SQLite counts the changes of a schema; 0 is the number of a file that has none. */
function hasTables(driver: SqliteDriver): boolean {
  return driver.pragma('schema_version', { simple: true }) !== 0;
}

/** The code of the driver's error, also where it is the cause of another one. */
function sqliteCode(error: unknown): string | undefined {
  if (error instanceof Database.SqliteError) return error.code;
  return error instanceof Error && error.cause !== undefined ? sqliteCode(error.cause) : undefined;
}

/**
 * Two processes that both switch a new file to WAL can be refused without the busy timeout having been waited for, so
 * opening is tried again.
 */
async function openDriver(options: SqliteOptions): Promise<SqliteDriver> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return openOnce(options);
    } catch (cause) {
      if (isCorruption(cause)) throw databaseCorrupt(options.file, cause);
      if (!isBusy(cause) || attempt >= OPEN_ATTEMPTS) throw databaseUnavailable(options.file, cause);
      await options.runtime.sleep(PAUSE_MS);
    }
  }
}

function openOnce(options: SqliteOptions): SqliteDriver {
  const {
    file,
    journal = 'wal',
    synchronous = 'normal',
    busyTimeoutMs = BUSY_TIMEOUT_MS,
    pageBytes = 4_096,
  } = options;
  if (file !== ':memory:') makeDurableFolder(dirname(resolve(file)));
  const driver = new Database(file, { timeout: busyTimeoutMs });
  try {
    driver.pragma(`page_size = ${pageBytes}`);
    const now = driver.pragma('journal_mode', { simple: true });
    if (file !== ':memory:' && now !== journal) driver.pragma(`journal_mode = ${journal}`);
    driver.pragma(`synchronous = ${synchronous}`);
    return driver;
  } catch (error) {
    driver.close();
    throw error;
  }
}

/**
 * An immediate transaction: the second process waits before it reads, and then finds everything done. It waits without
 * blocking the thread, which the holder may need to go on.
 */
function immediateTransactions(driver: SqliteDriver, options: SqliteOptions): UnderLock {
  return (database, work) =>
    database.connection().execute(async connection => {
      await beginImmediate(driver, options);
      try {
        const result = await work(connection);
        driver.exec('commit');
        return result;
      } finally {
        if (driver.inTransaction) driver.exec('rollback');
      }
    });
}

async function beginImmediate(driver: SqliteDriver, { runtime, ...options }: SqliteOptions): Promise<void> {
  const untilMs = runtime.now() + (options.busyTimeoutMs ?? BUSY_TIMEOUT_MS);
  for (;;) {
    try {
      begin(driver, 'write');
      return;
    } catch (error) {
      if (!isBusy(error) || runtime.now() >= untilMs) throw error;
      await runtime.sleep(PAUSE_MS);
    }
  }
}

/** @throws SqliteError at once when another connection is in the way */
function begin(driver: SqliteDriver, kind: 'read' | 'write'): void {
  const busyTimeoutMs = driver.pragma('busy_timeout', { simple: true });
  driver.pragma('busy_timeout = 0');
  try {
    driver.exec(kind === 'write' ? 'begin immediate' : 'begin; select 1 from sqlite_schema limit 1');
  } catch (error) {
    if (driver.inTransaction) driver.exec('rollback');
    throw error;
  } finally {
    driver.pragma(`busy_timeout = ${busyTimeoutMs}`);
  }
}

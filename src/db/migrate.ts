import { createHash } from 'node:crypto';
import { type CompiledQuery, type Kysely, sql } from 'kysely';
import { isKittiwakeError, type KittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import { migrationChanged, migrationFailed, migrationOrder, schemaNewer } from './errors.ts';
import type { Migration, MigrationSet } from './migration.ts';

/** The registry: one row for each migration that ran. */
interface Registry {
  kittiwake_migration: { set_name: string; name: string; checksum: string; applied_ms: number };
}

/** The migrations that ran, as the registry has them. */
type Applied = readonly { name: string; checksum: string; applied_ms: number | string }[];

/** Runs `work` with a connection on which it may read, and on which one statement may fail. */
export type Reading = <R>(work: (database: Kysely<unknown>) => Promise<R>) => Promise<R>;

/**
 * Runs `work` so that no other process migrates the same database, all or nothing: an immediate transaction on SQLite,
 * a transaction under an advisory lock elsewhere.
 */
export type UnderLock = <R>(
  database: Kysely<unknown>,
  work: (locked: Kysely<unknown>) => Promise<R>,
) => Promise<R>;

export interface PlanOptions {
  /** For the dialect of the statements, and for reading unless there is `reading`. */
  database: Kysely<unknown>;
  set: MigrationSet;
  reading?: Reading;
}

export interface MigrateOptions extends PlanOptions {
  underLock: UnderLock;
  runtime: Pick<Runtime, 'now'>;
}

/** What became of one migration. */
export interface MigrationStatus {
  name: string;
  /** `changed`: it ran in another form; `unknown`: it ran, and this version does not have it. */
  state: 'applied' | 'pending' | 'changed' | 'unknown';
  /** Milliseconds since the epoch. Absent where it has not run. */
  appliedMs?: number;
}

/** What {@link migrate} would do. */
export interface MigrationPlan {
  migrations: MigrationStatus[];
  /** What it would throw instead. */
  refusal: KittiwakeError | undefined;
}

/** What {@link migrate} would do. Reads only, and takes no lock. */
export async function planMigrations(options: PlanOptions): Promise<MigrationPlan> {
  const { database, set, reading = work => work(database) } = options;
  const checksums = checksumsOf(database, set);
  const applied = (await reading(connection => readRegistry(connection, set.name))) ?? [];
  return planOf(set, checksums, applied);
}

/** The plan for a database that is not there yet. */
export function planOfNone(set: MigrationSet): MigrationPlan {
  return {
    migrations: set.migrations.map(({ name }) => ({ name, state: 'pending' as const })),
    refusal: undefined,
  };
}

/**
 * Brings one schema up to date. One query and no lock when it is already; otherwise the missing migrations run under
 * the lock, after the registry was read again there.
 * @returns the names of the migrations that ran
 * @throws KittiwakeError `schema_newer`, `migration_changed`, `migration_order`, `migration_failed`
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const { database, set, reading = work => work(database), underLock, runtime } = options;
  const checksums = checksumsOf(database, set);
  const before = await reading(connection => readRegistry(connection, set.name));
  if (before && missing(set, checksums, before).length === 0) return [];
  return underLock(database, locked => migrateLocked(locked, set, runtime));
}

/** The same for who has the lock already, and keeps or drops all of it afterwards. */
export async function migrateLocked(
  locked: Kysely<unknown>,
  set: MigrationSet,
  runtime: Pick<Runtime, 'now'>,
): Promise<readonly string[]> {
  await createRegistry(locked);
  const applied = (await readRegistry(locked, set.name)) ?? [];
  const steps = missing(set, checksumsOf(locked, set), applied);
  for (const { migration, checksum } of steps) {
    await run(locked, set.name, migration);
    await registryOf(locked)
      .insertInto('kittiwake_migration')
      .values({ set_name: set.name, name: migration.name, checksum, applied_ms: runtime.now() })
      .execute();
  }
  return steps.map(({ migration }) => migration.name);
}

/** Hex SHA-256 over the compiled statements and their parameters. */
export function checksumOf(statements: readonly CompiledQuery[]): string {
  const hash = createHash('sha256');
  for (const { sql: text, parameters } of statements) hash.update(JSON.stringify([text, parameters]));
  return hash.digest('hex');
}

/** The statements of a migration for the dialect of `database`. */
export function compile(database: Kysely<unknown>, migration: Migration): CompiledQuery[] {
  return migration.statements(database).map(statement => statement.compile(database));
}

function checksumsOf(database: Kysely<unknown>, set: MigrationSet): string[] {
  return set.migrations.map(migration => checksumOf(compile(database, migration)));
}

function planOf(set: MigrationSet, checksums: readonly string[], applied: Applied): MigrationPlan {
  const known = set.migrations.map(({ name }, index): MigrationStatus => {
    const row = applied.find(candidate => candidate.name === name);
    if (row === undefined) return { name, state: 'pending' };
    const state = row.checksum === checksums[index] ? 'applied' : 'changed';
    return { name, state, appliedMs: Number(row.applied_ms) };
  });
  const unknown = applied
    .filter(({ name }) => !set.migrations.some(migration => migration.name === name))
    .map(({ name, applied_ms }) => ({ name, state: 'unknown' as const, appliedMs: Number(applied_ms) }));
  return { migrations: [...known, ...unknown], refusal: refusalOf(() => missing(set, checksums, applied)) };
}

function refusalOf(check: () => unknown): KittiwakeError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (isKittiwakeError(error)) return error;
    throw error;
  }
}

/** What of the set has not run yet. */
function missing(set: MigrationSet, checksums: readonly string[], applied: Applied) {
  for (const [index, row] of applied.entries()) {
    const known = set.migrations[index];
    if (known?.name !== row.name) {
      const isKnown = set.migrations.some(migration => migration.name === row.name);
      throw isKnown && known
        ? migrationOrder(set.name, row.name, known.name)
        : schemaNewer(set.name, row.name);
    }
    const checksum = checksums[index] ?? '';
    if (checksum !== row.checksum) {
      throw migrationChanged(set.name, row.name, { applied: row.checksum, known: checksum });
    }
  }
  return set.migrations
    .map((migration, index) => ({ migration, checksum: checksums[index] ?? '' }))
    .slice(applied.length);
}

async function run(database: Kysely<unknown>, set: string, migration: Migration): Promise<void> {
  try {
    for (const statement of compile(database, migration)) await database.executeQuery(statement);
  } catch (cause) {
    throw migrationFailed(set, migration.name, cause);
  }
}

/** Undefined when the database has no registry yet. */
async function readRegistry(database: Kysely<unknown>, set: string): Promise<Applied | undefined> {
  try {
    const rows = await registryOf(database)
      .selectFrom('kittiwake_migration')
      .select(['name', 'checksum', 'applied_ms'])
      .where('set_name', '=', set)
      .execute();
    // A server may sort texts by the rules of some language.
    return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isNoSuchTable(error)) return undefined;
    throw error;
  }
}

async function createRegistry(database: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists kittiwake_migration (
    set_name text not null,
    name text not null,
    checksum text not null,
    applied_ms bigint not null,
    primary key (set_name, name)
  )`.execute(database);
}

function registryOf(database: Kysely<unknown>): Kysely<Registry> {
  return database as Kysely<Registry>;
}

/** SQLite says it in words, PostgreSQL by SQLSTATE 42P01 (undefined_table). */
function isNoSuchTable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.message.startsWith('no such table') || ('code' in error && error.code === '42P01');
}

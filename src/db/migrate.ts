import { createHash } from 'node:crypto';
import { type CompiledQuery, type Kysely, sql } from 'kysely';
import type { Runtime } from '../core/runtime.ts';
import { migrationChanged, migrationFailed, migrationOrder, schemaNewer } from './errors.ts';
import type { Migration, MigrationSet } from './migration.ts';

/** The registry: one row for each migration that ran. */
interface Registry {
  kittiwake_migration: { set_name: string; name: string; checksum: string; applied_ms: number };
}

/** The migrations that ran, as the registry has them. */
type Applied = readonly { name: string; checksum: string }[];

/**
 * Runs `work` so that no other process migrates the same database, all or nothing: an immediate transaction on SQLite,
 * a transaction under an advisory lock elsewhere.
 */
export type UnderLock = <R>(
  database: Kysely<unknown>,
  work: (locked: Kysely<unknown>) => Promise<R>,
) => Promise<R>;

export interface MigrateOptions {
  database: Kysely<unknown>;
  set: MigrationSet;
  underLock: UnderLock;
  runtime: Pick<Runtime, 'now'>;
}

/**
 * Brings one schema up to date. One query and no lock when it is already; otherwise the missing migrations run under
 * the lock, after the registry was read again there.
 * @returns the number of migrations that ran
 * @throws KittiwakeError `schema_newer`, `migration_changed`, `migration_order`, `migration_failed`
 */
export async function migrate(options: MigrateOptions): Promise<number> {
  const { database, set, underLock, runtime } = options;
  const checksums = set.migrations.map(migration => checksumOf(compile(database, migration)));
  const before = await readRegistry(database, set.name);
  if (before && missing(set, checksums, before).length === 0) return 0;
  return underLock(database, async locked => {
    await createRegistry(locked);
    const applied = (await readRegistry(locked, set.name)) ?? [];
    const steps = missing(set, checksums, applied);
    for (const { migration, checksum } of steps) {
      await run(locked, set.name, migration);
      await registryOf(locked)
        .insertInto('kittiwake_migration')
        .values({ set_name: set.name, name: migration.name, checksum, applied_ms: runtime.now() })
        .execute();
    }
    return steps.length;
  });
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
    return await registryOf(database)
      .selectFrom('kittiwake_migration')
      .select(['name', 'checksum'])
      .where('set_name', '=', set)
      .orderBy('name')
      .execute();
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

import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { checksumOf, compile } from '../../src/db/migrate.ts';
import type { Migration, MigrationSet } from '../../src/db/migration.ts';
import { searchSchema } from '../../src/db/search-schema.ts';
import type { SqliteHandle } from '../../src/db/sqlite.ts';
import { databaseFile, openTestDatabase } from './database-folder.ts';
import { birds, nests, setOf } from './test-migrations.ts';

const names = (handle: SqliteHandle<unknown>) =>
  handle.driver.prepare('select name from bird order by rowid').pluck().all();

/** Each test gets its own handle on one database, as later starts of the program would. */
async function starts(file: string, set: MigrationSet): Promise<SqliteHandle<unknown>> {
  const handle = await openTestDatabase({ file });
  await handle.ensure(set);
  return handle;
}

describe('migrate', () => {
  it('runs each migration once, in order', async () => {
    const file = databaseFile();
    expect(names(await starts(file, setOf(birds)))).toEqual(['kittiwake']);
    expect(names(await starts(file, setOf(birds)))).toEqual(['kittiwake']);
    const handle = await starts(file, setOf(birds, nests));
    expect(names(handle)).toEqual(['kittiwake', 'puffin']);
    const registry = handle.driver.prepare('select set_name, name from kittiwake_migration').raw().all();
    expect(registry).toEqual([
      ['test', '0001-birds'],
      ['test', '0002-nests'],
    ]);
  });

  it('keeps schemas of different names apart', async () => {
    const handle = await openTestDatabase();
    await handle.ensure(setOf(birds));
    await handle.ensure({ name: 'other', migrations: [{ ...nests, name: '0001-nests' }] });
    expect(names(handle)).toEqual(['kittiwake', 'puffin']);
  });

  it('refuses a database that a later version made', async () => {
    const file = databaseFile();
    await starts(file, setOf(birds, nests));
    await expect(starts(file, setOf(birds))).rejects.toMatchObject({
      code: 'schema_newer',
      message: expect.stringContaining('"0002-nests"'),
    });
  });

  it('refuses a migration that changed after it ran', async () => {
    const file = databaseFile();
    await starts(file, setOf(birds));
    const changed = { ...birds, statements: () => [sql`create table bird (name text)`] };
    await expect(starts(file, setOf(changed, nests))).rejects.toMatchObject({
      code: 'migration_changed',
      message: expect.stringContaining('a migration must not change after it ran'),
    });
    const other = { ...birds, statements: () => [sql`insert into bird (name) values (${'gull'})`] };
    await expect(starts(file, setOf(other))).rejects.toMatchObject({ code: 'migration_changed' });
  });

  it('refuses a migration that was put before others', async () => {
    const file = databaseFile();
    await starts(file, setOf(nests2(), nests2('0003-c')));
    await expect(starts(file, setOf(nests2('0001-a'), nests2(), nests2('0003-c')))).rejects.toMatchObject({
      code: 'migration_order',
      message: expect.stringContaining('migrations are only added at the end'),
    });
  });

  it('keeps nothing of a set in which one fails', async () => {
    const file = databaseFile();
    const broken: Migration = {
      name: '0002-broken',
      statements: () => [sql`insert into nowhere values (1)`],
    };
    await expect(starts(file, setOf(birds, broken))).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('no such table: nowhere'),
    });
    expect(names(await starts(file, setOf(birds, nests)))).toEqual(['kittiwake', 'puffin']);
  });

  it('tells what it would do, and does none of it', async () => {
    const file = databaseFile();
    const handle = await openTestDatabase({ file });
    const pending = [
      { name: '0001-birds', state: 'pending' },
      { name: '0002-nests', state: 'pending' },
    ];
    expect(await handle.plan(setOf(birds, nests))).toEqual({ migrations: pending, refusal: undefined });
    expect(handle.driver.prepare('select count(*) from sqlite_schema').pluck().get()).toBe(0);
    expect(await handle.migrate(setOf(birds))).toEqual(['0001-birds']);
    expect(await handle.plan(setOf(birds, nests))).toEqual({
      migrations: [{ name: '0001-birds', state: 'applied', appliedMs: expect.any(Number) }, pending[1]],
      refusal: undefined,
    });
    expect(await handle.migrate(setOf(birds, nests))).toEqual(['0002-nests']);
    expect(await handle.migrate(setOf(birds, nests))).toEqual([]);
  });

  it('tells what it would refuse', async () => {
    const handle = await starts(databaseFile(), setOf(birds, nests));
    const changed = { ...birds, statements: () => [sql`create table bird (x)`] };
    const plan = await handle.plan(setOf(changed));
    expect(plan.migrations.map(({ name, state }) => [name, state])).toEqual([
      ['0001-birds', 'changed'],
      ['0002-nests', 'unknown'],
    ]);
    expect(plan.refusal).toMatchObject({ code: 'migration_changed' });
  });

  it('gives handles that start at once on one file one migration', async () => {
    const file = databaseFile();
    const handles = await Promise.all(Array.from({ length: 5 }, () => openTestDatabase({ file })));
    await Promise.all(handles.map(handle => handle.ensure(setOf(birds, nests))));
    expect(handles.map(names)).toEqual(Array(5).fill(['kittiwake', 'puffin']));
  });

  it('has not changed what is released', async () => {
    const { kysely } = await openTestDatabase();
    const checksums = searchSchema.migrations.map(migration => [
      migration.name,
      checksumOf(compile(kysely, migration)).slice(0, 16),
    ]);
    expect(checksums).toEqual([
      ['0001-pages', '2ef3e8bf1b5b1d46'],
      ['0002-words', '841b1d68378cc1f6'],
    ]);
  });
});

function nests2(name = '0002-b'): Migration {
  return { name, statements: () => [sql.raw(`create table t${name.slice(0, 4)} (x)`)] };
}

import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { isBusy, isCorruption, openSqlite } from '../../src/db/sqlite.ts';
import { databaseFile, openTestDatabase } from './database-folder.ts';

describe('openSqlite', () => {
  it('makes the file and its folder, and gives Kysely and the driver on one connection', async () => {
    const file = join(dirname(databaseFile()), 'deep', 'er', 'new.sqlite');
    const { kysely, driver } = await openTestDatabase<{ bird: { name: string } }>({ file });
    driver.exec('create temp table bird (name text)');
    await kysely.insertInto('bird').values({ name: 'tern' }).execute();
    expect(driver.prepare('select name from bird').pluck().all()).toEqual(['tern']);
    expect(existsSync(file)).toBe(true);
  });

  it('works in memory', async () => {
    const { kysely } = await openTestDatabase();
    const { rows } = await sql<{ two: number }>`select 1 + 1 as two`.execute(kysely);
    expect(rows).toEqual([{ two: 2 }]);
  });

  it('keeps a database in one file where that is asked for, and changes one that was not', async () => {
    const file = databaseFile();
    const first = await openTestDatabase({ file });
    first.driver.exec('create table t (x)');
    expect(existsSync(`${file}-wal`)).toBe(true);
    first.close();
    const second = await openTestDatabase({ file, journal: 'delete' });
    second.driver.exec('insert into t values (1)');
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(second.driver.pragma('journal_mode', { simple: true })).toBe('delete');
  });

  it('leaves no file behind but the database when it is closed', async () => {
    const file = databaseFile();
    const handle = await openTestDatabase({ file });
    handle.driver.exec('create table t (x)');
    handle.close();
    handle.close();
    expect([existsSync(file), existsSync(`${file}-wal`), existsSync(`${file}-shm`)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('refuses what is no database, naming the file', async () => {
    const file = databaseFile();
    writeFileSync(file, 'not a database at all, but long enough to look at '.repeat(40));
    const opening = openSqlite({ file, runtime: systemRuntime });
    await expect(opening).rejects.toMatchObject({ code: 'database_corrupt', data: { file } });
    expect(isCorruption(await opening.catch(error => error))).toBe(true);
  });

  it('refuses a folder that it cannot make, naming the file', async () => {
    const file = databaseFile();
    writeFileSync(file, '');
    const inside = join(file, 'x.sqlite');
    await expect(openSqlite({ file: inside, runtime: systemRuntime })).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining(inside),
    });
  });

  it('says when another connection holds the lock', async () => {
    const file = databaseFile();
    const [one, two] = [await openTestDatabase({ file }), await openTestDatabase({ file, busyTimeoutMs: 1 })];
    one.driver.exec('begin immediate');
    let caught: unknown;
    try {
      two.driver.exec('begin immediate');
    } catch (error) {
      caught = error;
    }
    expect(isBusy(caught)).toBe(true);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { openSqlite, type SqliteHandle, type SqliteOptions } from '../../src/db/sqlite.ts';

/** A file in a new folder that is removed when the running test is over. */
export function databaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-db-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'test.sqlite');
}

/** A handle that is closed when the running test is over; in memory unless a file is given. */
export async function openTestDatabase<T>(options: Partial<SqliteOptions> = {}): Promise<SqliteHandle<T>> {
  const handle = await openSqlite<T>({ file: ':memory:', runtime: systemRuntime, ...options });
  onTestFinished(() => handle.close());
  return handle;
}

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { createFileState } from '../../../src/db/state/file-state.ts';
import type { StateDatabase } from '../../../src/db/state/state-database.ts';
import { countOf, countSchema, raise, raiseNoting, type TestTables } from '../../contract/state-tables.ts';
import { databaseFile, openTestDatabase } from '../database-folder.ts';

function stateIn(file: string): StateDatabase<TestTables> {
  const state = createFileState<TestTables>({ file, schema: countSchema, runtime: systemRuntime });
  onTestFinished(() => state.close());
  return state;
}

describe('a state in a file', () => {
  it('makes the file with the first write, and tells what is there', async () => {
    const file = databaseFile();
    const state = stateIn(file);
    await state.read(async () => 1);
    expect(await state.status()).toMatchObject({ location: file, exists: false, refusal: undefined });
    expect(existsSync(file)).toBe(false);
    await raise(state);
    expect(await state.status()).toMatchObject({
      exists: true,
      bytes: expect.any(Number),
      migrations: [{ name: '0001-counters', state: 'applied' }],
    });
  });

  it('is made by a migration that is asked for, once', async () => {
    const state = stateIn(databaseFile());
    expect(await state.migrate()).toEqual(['0001-counters']);
    expect(await state.migrate()).toEqual([]);
    expect(await state.exists()).toBe(true);
  });

  it('that cannot be opened is tried again with the next use', async () => {
    const file = databaseFile();
    writeFileSync(file, 'not a database at all, but long enough to look at '.repeat(40));
    const state = stateIn(file);
    await expect(raise(state)).rejects.toMatchObject({ code: 'database_corrupt', data: { file } });
    rmSync(file);
    expect((await raise(state)).nth).toBe(1);
  });

  it('whose folder cannot be made is said to be unavailable', async () => {
    const blocked = databaseFile();
    writeFileSync(blocked, '');
    const file = `${blocked}/state.sqlite`;
    await expect(raise(stateIn(file))).rejects.toMatchObject({ code: 'database_unavailable' });
  });

  it('waits for the transaction of another process without blocking this one, up to its deadline', async () => {
    const file = databaseFile();
    const state = stateIn(file);
    await raise(state);
    const { driver } = await openTestDatabase({ file });
    driver.exec('begin immediate');
    const late = raise(state, 'late', { deadlineMs: Date.now() + 50 });
    await expect(late).rejects.toMatchObject({ code: 'contention' });
    const waiting = raise(state, 'waiting');
    await systemRuntime.sleep(20);
    expect((await countOf(state)).ids).not.toContain('late');
    driver.exec('commit');
    expect((await waiting).nth).toBe(2);
  });

  it('holds nothing any more of a row that was deleted', async () => {
    const file = databaseFile();
    const state = stateIn(file);
    const name = 'A. Person, a rather unusual name';
    await raiseNoting(state, name);
    await state.write(async tables => void (await tables.deleteFrom('entry').execute()));
    await state.close();
    expect(readFileSync(file).includes(name)).toBe(false);
    expect(existsSync(`${dirname(file)}/test.sqlite-wal`)).toBe(false);
  });
});

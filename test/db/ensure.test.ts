import { describe, expect, it } from 'vitest';
import { SchemaMemory } from '../../src/db/ensure.ts';
import type { MigrationSet } from '../../src/db/migration.ts';
import { databaseFile, openTestDatabase } from './database-folder.ts';
import { birds, setOf } from './test-migrations.ts';

const set = setOf(birds);

describe('SchemaMemory', () => {
  it('compares once and then remembers', async () => {
    const checked: MigrationSet[] = [];
    const memory = new SchemaMemory(async one => checked.push(one));
    for (let n = 0; n < 5; n += 1) await memory.ensure(set);
    expect(checked).toEqual([set]);
    expect(memory.counts).toEqual({ hits: 4, misses: 1, failures: 0 });
  });

  it('lets concurrent first users share one comparison', async () => {
    let checks = 0;
    let release = () => {};
    const gate = new Promise<void>(resolve => {
      release = resolve;
    });
    const memory = new SchemaMemory(() => {
      checks += 1;
      return gate;
    });
    const all = [memory.ensure(set), memory.ensure(set), memory.ensure(set)];
    release();
    await Promise.all(all);
    expect(checks).toBe(1);
    expect(memory.counts).toEqual({ hits: 0, misses: 3, failures: 0 });
  });

  it('forgets a failure, and tells everyone who waited of it', async () => {
    let isDown = true;
    const memory = new SchemaMemory(async () => {
      if (isDown) throw new Error('down');
    });
    const results = await Promise.allSettled([memory.ensure(set), memory.ensure(set)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isDown = false;
    await memory.ensure(set);
    await memory.ensure(set);
    expect(memory.counts).toEqual({ hits: 1, misses: 3, failures: 1 });
  });

  it('forgets a check that throws at once, too', async () => {
    let calls = 0;
    const memory = new SchemaMemory(() => {
      calls += 1;
      if (calls === 1) throw new Error('down');
      return Promise.resolve();
    });
    await expect(memory.ensure(set)).rejects.toThrow('down');
    await memory.ensure(set);
    expect(calls).toBe(2);
  });

  it('remembers each schema by itself', async () => {
    const checked: string[] = [];
    const memory = new SchemaMemory(async ({ name }) => checked.push(name));
    await memory.ensure(set);
    await memory.ensure({ name: 'other', migrations: [] });
    expect(checked).toEqual(['test', 'other']);
  });
});

describe('SchemaMemory that remembers nothing', () => {
  it('compares on each use, and once for those that come together', async () => {
    let checks = 0;
    const memory = new SchemaMemory(async () => (checks += 1), undefined, 'always');
    await memory.ensure(set);
    await memory.ensure(set);
    expect(checks).toBe(2);
    await Promise.all([memory.ensure(set), memory.ensure(set)]);
    expect(checks).toBe(3);
    expect(memory.counts).toEqual({ hits: 0, misses: 4, failures: 0 });
  });
});

describe('ensure of a handle', () => {
  const altered = setOf({ ...birds, name: '0001-altered' });

  it('notices what others altered, where it is told to look each time', async () => {
    const file = databaseFile();
    const handle = await openTestDatabase({ file, schemaMode: 'always' });
    await handle.ensure(set);
    handle.driver.prepare("update kittiwake_migration set checksum = 'x'").run();
    await expect(handle.ensure(set)).rejects.toMatchObject({ code: 'migration_changed' });
    await expect((await openTestDatabase({ file })).ensure(set)).rejects.toMatchObject({
      code: 'migration_changed',
    });
  });

  it('takes the schema of a database for granted where it is told to, but makes a new one', async () => {
    const file = databaseFile();
    const first = await openTestDatabase({ file, schemaMode: 'assume' });
    await first.ensure(set);
    expect(first.driver.prepare('select name from bird').pluck().all()).toEqual(['kittiwake']);
    const second = await openTestDatabase({ file, schemaMode: 'assume' });
    await second.ensure(altered);
    expect((await second.plan(altered)).refusal).toMatchObject({ code: 'schema_newer' });
  });

  it('does not take one database for another', async () => {
    const handles = await Promise.all([1, 2].map(() => openTestDatabase({ file: databaseFile() })));
    for (const handle of handles) await handle.ensure(set);
    for (const handle of handles) {
      await handle.ensure(set);
      expect(handle.driver.prepare('select count(*) from bird').pluck().get()).toBe(1);
      expect(handle.ensureCounts).toEqual({ hits: 1, misses: 1, failures: 0 });
    }
  });

  it('counts together with other handles where it is told so', async () => {
    const ensureCounts = { hits: 0, misses: 0, failures: 0 };
    const open = () => openTestDatabase({ file: databaseFile(), ensureCounts });
    for (const handle of [await open(), await open()]) {
      await handle.ensure(set);
      await handle.ensure(set);
    }
    expect(ensureCounts).toEqual({ hits: 2, misses: 2, failures: 0 });
  });
});

import { sql } from 'kysely';
import { Client } from 'pg';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createPostgresState, type PostgresStateOptions } from '../../src/db/postgres/postgres-state.ts';
import { stateDatabaseContract } from '../contract/state-database.contract.ts';
import {
  add,
  counters,
  countOf,
  countSchema,
  raise,
  schemaOf,
  type TestTables,
  thousand,
} from '../contract/state-tables.ts';
import { connectForTest, postgresForTest, schemaNameForTest } from '../support/postgres.ts';

let url = '';
beforeEach(ctx => {
  ({ url } = postgresForTest(ctx));
});

stateDatabaseContract('PostgreSQL', () => newPlace(), { findsImpureWork: false });

function newPlace(at = url) {
  const schemaName = schemaNameForTest();
  const server = connectForTest(at);
  const open = (options: Partial<PostgresStateOptions> = {}) =>
    createPostgresState<TestTables>({
      server,
      schemaName,
      schema: countSchema,
      runtime: systemRuntime,
      ...options,
    });
  return { schemaName, open };
}

async function administrator(): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

describe('work on PostgreSQL', () => {
  it('gets numbers where a server would have texts and truths', async () => {
    const state = newPlace().open();
    await raise(state);
    const row = await state.read(async tables => {
      const { fn } = tables;
      return tables
        .selectFrom('counter')
        .select([
          fn.countAll<number>().as('count'),
          fn.sum<number>('value').as('sum'),
          sql<number>`max(value) > 0`.as('truth'),
        ])
        .executeTakeFirst();
    });
    expect(row).toEqual({ count: 1, sum: 1, truth: 1 });
  });

  it('that goes on after a statement failed keeps nothing, and the failure is told', async () => {
    const state = newPlace().open();
    await raise(state, 'one');
    const swallowing = state.write(async (tables, given) => {
      await tables.insertInto('entry').values(add(given, 'lost')).execute();
      const again = { id: 'one', nth: 0, note: '' };
      await tables
        .insertInto('entry')
        .values(again)
        .execute()
        .catch(() => {});
      return 'done';
    });
    await expect(swallowing).rejects.toMatchObject({ code: '23505' });
    expect(await countOf(state)).toEqual({ value: 1, ids: ['one'] });
  });

  it('has one transaction, and cannot end it', async () => {
    const state = newPlace().open();
    const nested = state.write(tables => tables.transaction().execute(async () => {}));
    await expect(nested).rejects.toMatchObject({ code: 'transaction_impure' });
    const ending = state.write(tables => sql` commit`.execute(tables));
    await expect(ending).rejects.toMatchObject({ code: 'transaction_impure' });
  });

  it('that does not wait for its statements is refused, and they are not kept', async () => {
    const state = newPlace().open();
    await raise(state, 'one');
    const hasty = state.write(async tables => {
      const deletion = tables.deleteFrom('entry').execute();
      deletion.catch(() => {});
      // It is on its way to the server by then.
      for (let step = 0; step < 100; step += 1) await null;
    });
    await expect(hasty).rejects.toMatchObject({ code: 'transaction_impure' });
    expect((await countOf(state)).ids).toEqual(['one']);
  });

  it('that never ends is given up by the server, and does not hold others up for ever', async () => {
    const state = newPlace().open();
    const endless = state.write(async tables => {
      await tables.updateTable('counter').set('value', 9).execute();
      await new Promise(() => {});
    });
    const refused = expect(endless).rejects.toMatchObject({ code: 'transaction_impure' });
    await raise(state);
    await refused;
    expect((await countOf(state)).value).toBe(1);
  });

  it('is given up at its deadline while another one has the lock, and nothing is written', async () => {
    const { schemaName, open } = newPlace();
    const state = open();
    await raise(state, 'one');
    const other = await administrator();
    await other.query(`begin; lock table ${schemaName}.kittiwake_migration`);
    const waiting = state.write(tables => tables.deleteFrom('entry').execute(), {
      deadlineMs: systemRuntime.now() + 200,
    });
    await expect(waiting).rejects.toMatchObject({ code: 'contention' });
    await other.query('rollback');
    expect((await countOf(state)).ids).toEqual(['one']);
  });
});

describe('a state in PostgreSQL', () => {
  it('does not see those of other wikis in the same database', async () => {
    const [one, other] = [newPlace(), newPlace()];
    await raise(one.open(), 'one');
    await raise(other.open(), 'other');
    expect((await countOf(one.open())).ids).toEqual(['one']);
    const { rows } = await one
      .open()
      .read(tables => sql`select current_schemas(true) as names`.execute(tables));
    expect(rows).toEqual([{ names: `{pg_catalog,${one.schemaName}}` }]);
  });

  it('tells where it is without the password, what is there, and what is to be done', async () => {
    const { schemaName, open } = newPlace();
    const newer = open({ schema: schemaOf(counters, thousand) });
    const pending = { name: '0002-thousand', state: 'pending' };
    expect(await newer.status()).toMatchObject({
      exists: false,
      migrations: [{ name: '0001-counters', state: 'pending' }, pending],
    });
    expect(await newer.exists()).toBe(false);
    expect(await open().migrate()).toEqual(['0001-counters']);
    const status = await newer.status();
    expect(status).toMatchObject({
      exists: true,
      bytes: expect.any(Number),
      migrations: [{ name: '0001-counters', state: 'applied', appliedMs: expect.any(Number) }, pending],
    });
    const { port } = new URL(url);
    expect(status.location).toBe(`postgres://127.0.0.1:${port}/postgres schema ${schemaName}`);
    expect(await newer.migrate()).toEqual(['0002-thousand']);
    expect(await newer.migrate()).toEqual([]);
  });

  it('is compared on each use where others alter it, and never where that is assumed', async () => {
    const { schemaName, open } = newPlace();
    const [always, assume] = [open({ schemaMode: 'always' }), open({ schemaMode: 'assume' })];
    await raise(assume, 'a database without tables gets them all the same');
    await raise(always);
    await (await administrator()).query(`update ${schemaName}.kittiwake_migration set checksum = 'x'`);
    await expect(raise(always)).rejects.toMatchObject({ code: 'migration_changed' });
    expect((await raise(assume)).nth).toBe(3);
    await expect(raise(open())).rejects.toMatchObject({ code: 'migration_changed' });
  });

  it('may lie in a schema that an administrator has made', async () => {
    const { schemaName, open } = newPlace();
    await (await administrator()).query(`create schema ${schemaName}`);
    expect(await open().exists()).toBe(false);
    expect((await raise(open())).nth).toBe(1);
  });

  it('forgets the ids of old writes', async () => {
    const { schemaName, open } = newPlace();
    const state = open({ runtime: { ...systemRuntime, random: () => 0 } });
    await raise(state);
    const other = await administrator();
    await other.query(`update ${schemaName}.kittiwake_write set written_at = now() - interval '25 hours'`);
    await raise(state);
    const { rows } = await other.query(`select count(*) from ${schemaName}.kittiwake_write`);
    expect(rows).toEqual([{ count: '1' }]);
  });
});

describe('a server that cannot be used', () => {
  it('is told of at once when it refuses the password, and the password is not', async () => {
    const wrong = new URL(url);
    wrong.password = 'wrong-password';
    const state = newPlace(wrong.href).open();
    const error = await raise(state).catch(reason => reason);
    expect(error).toMatchObject({ code: 'database_unavailable' });
    expect(error.message).toContain('password authentication failed');
    expect(JSON.stringify([error.message, error.data])).not.toContain('wrong-password');
  });

  it('is tried until the deadline when nobody listens', async () => {
    const state = newPlace('postgres://kittiwake@127.0.0.1:9/postgres').open();
    const work = async () => {};
    const failing = state.write(work, { deadlineMs: systemRuntime.now() + 100 });
    await expect(failing).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('postgres://127.0.0.1:9/postgres'),
    });
  });
});

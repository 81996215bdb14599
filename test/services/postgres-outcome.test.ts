import { Client } from 'pg';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createPostgresState } from '../../src/db/postgres/postgres-state.ts';
import { countOf, countSchema, raise, type TestState, type TestTables } from '../contract/state-tables.ts';
import { connectForTest, postgresForTest, schemaNameForTest } from '../support/postgres.ts';
import { type CommitFault, proxyForTest } from '../support/postgres-proxy.ts';

let url = '';
beforeEach(ctx => {
  ({ url } = postgresForTest(ctx));
});

function stateAt(place: string, schemaName: string, maxConnections?: number): TestState {
  const server = connectForTest(place, maxConnections);
  return createPostgresState<TestTables>({ server, schemaName, schema: countSchema, runtime: systemRuntime });
}

/** A state with one write, behind a network where the next COMMITs fail as told. */
async function behindFaults(faults: readonly CommitFault[]) {
  const schemaName = schemaNameForTest();
  const direct = stateAt(url, schemaName);
  await raise(direct, 'before');
  const proxy = await proxyForTest(url);
  proxy.faults = commit => faults[commit - 1];
  return { direct, proxy, state: stateAt(proxy.url, schemaName) };
}

function enter(state: TestState, id: string, deadlineMs: number): Promise<unknown> {
  const entry = { id, nth: 0, note: '' };
  return state.write(tables => tables.insertInto('entry').values(entry).execute(), { deadlineMs });
}

describe('a COMMIT whose outcome is unknown', () => {
  it.each<[string, CommitFault[]]>([
    ['never came to the server', ['lost']],
    ['was done, and the answer was lost', ['unanswered']],
    ['is done while it is settled', [{ lateMs: 300 }]],
    ['was lost, was lost again, and then its answer was lost', ['lost', 'lost', 'unanswered']],
    ['came late after others had been lost', ['lost', { lateMs: 200 }]],
  ])('that %s is settled: the write is there once, with the value that was kept', async (_, faults) => {
    const { direct, proxy, state } = await behindFaults(faults);
    let runs = 0;
    const told = await state.write(async tables => {
      runs += 1;
      const entry = { id: `run ${runs}`, nth: runs, note: '' };
      await tables
        .updateTable('counter')
        .set('value', 100 + runs)
        .execute();
      await tables.insertInto('entry').values(entry).execute();
      return entry;
    });
    expect(await countOf(direct)).toEqual({ value: 100 + told.nth, ids: ['before', told.id] });
    expect(proxy.commits).toBeGreaterThanOrEqual(faults.length);
  });

  it('runs the work again only if it was not done', async () => {
    const runs: string[] = [];
    for (const fault of ['lost', 'unanswered'] as const) {
      const { state } = await behindFaults([fault]);
      await state.write(async () => void runs.push(fault));
    }
    expect(runs).toEqual(['lost', 'lost', 'unanswered']);
  });

  it('holds up a refusal until it can not be done any more', async () => {
    const { direct, state } = await behindFaults([{ lateMs: 300 }]);
    let runs = 0;
    const refusedLater = state.write(async tables => {
      runs += 1;
      if (runs > 1) throw new Error('refused now');
      await tables.updateTable('counter').set('value', 7).execute();
      return 'done at first';
    });
    expect(await refusedLater).toBe('done at first');
    expect((await countOf(direct)).value).toBe(7);
  });

  it('is told to be unknown when the deadline comes first, and others are not kept waiting for long', async () => {
    const { direct, state } = await behindFaults(['stuck']);
    const deadlineMs = systemRuntime.now() + 700;
    await expect(enter(state, 'stuck', deadlineMs)).rejects.toMatchObject({ code: 'outcome_unknown' });
    // The server gives the silent transaction up.
    await raise(direct, 'after');
    expect((await countOf(direct)).ids).toEqual(['after', 'before']);
  });

  it('is told to be unknown where it is done after all', async () => {
    const { direct, state } = await behindFaults([{ lateMs: 1_500 }]);
    const deadlineMs = systemRuntime.now() + 500;
    await expect(enter(state, 'late', deadlineMs)).rejects.toMatchObject({ code: 'outcome_unknown' });
    await raise(direct, 'next');
    expect((await countOf(direct)).ids).toEqual(['before', 'late', 'next']);
  });
});

it('connections that are killed while 4 writers write lose nothing and double nothing', async () => {
  const schemaName = schemaNameForTest();
  const states = Array.from({ length: 4 }, () => stateAt(url, schemaName, 1));
  const killer = new Client({ connectionString: url });
  await killer.connect();
  onTestFinished(() => killer.end());
  let isWriting = true;
  const killing = (async () => {
    let killed = 0;
    while (isWriting) {
      const { rows } = await killer.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'kittiwake' and query like '%${schemaName}%' or query = 'commit' limit 1`,
      );
      killed += rows.length;
      await systemRuntime.sleep(5);
    }
    return killed;
  })();
  const told = await Promise.all(
    states.map(async (state, writer) => {
      for (let nth = 0; nth < 25; nth += 1) await raise(state, `${writer}-${nth}`);
    }),
  );
  isWriting = false;
  expect(await killing).toBeGreaterThan(0);
  expect(told).toHaveLength(4);
  const { value, ids } = await countOf(stateAt(url, schemaName));
  expect([value, ids.length]).toEqual([100, 100]);
});

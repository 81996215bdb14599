import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createPostgresState } from '../../src/db/postgres/postgres-state.ts';
import { countOf, countSchema, type TestState, type TestTables } from '../contract/state-tables.ts';
import { follow, type RunningCli } from '../support/cli.ts';
import { connectForTest, postgresForTest, schemaNameForTest } from '../support/postgres.ts';
import { startPostgres } from '../support/postgres-server.ts';

const CHILD = fileURLToPath(new URL('postgres-writes.child.ts', import.meta.url));
const PROCESSES = 8;
const WRITES = 100;

let programs = '';
let shared = '';
beforeEach(ctx => {
  ({ url: shared, programs } = postgresForTest(ctx));
});

function stateAt(url: string, schemaName: string): TestState {
  const server = connectForTest(url);
  return createPostgresState<TestTables>({ server, schemaName, schema: countSchema, runtime: systemRuntime });
}

function startWriters(url: string, schemaName: string): RunningCli[] {
  return Array.from({ length: PROCESSES }, (_, nth) => {
    const writer = follow([process.execPath, CHILD, url, schemaName, String(WRITES), `process${nth}`]);
    onTestFinished(() => void writer.child.kill('SIGKILL'));
    return writer;
  });
}

/** Fails unless what the processes were told is what is there. */
async function expectAllKept(state: TestState, writers: RunningCli[]): Promise<void> {
  const outcomes = await Promise.all(writers.map(({ finished }) => finished));
  expect(outcomes.map(({ code, err }) => [code, err])).toEqual(Array(PROCESSES).fill([0, '']));
  const told = outcomes.flatMap(({ out }) => out.trim().split('\n')).map(line => JSON.parse(line));
  const { value, ids } = await countOf(state);
  expect(value).toBe(PROCESSES * WRITES);
  expect(ids).toEqual(told.map(({ id }) => id).sort());
  const numbers = told.map(({ nth }) => nth).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: PROCESSES * WRITES }, (_, at) => at + 1));
}

it('8 processes that begin at once on a new database make it once, and lose and double none of 100 transactions each', async () => {
  const schemaName = schemaNameForTest();
  const writers = startWriters(shared, schemaName);
  await expectAllKept(stateAt(shared, schemaName), writers);
});

it('a server that is stopped, then killed, while 8 processes write loses and doubles nothing', async () => {
  const server = await startPostgres(programs);
  onTestFinished(() => server.stop());
  const schemaName = schemaNameForTest();
  const state = stateAt(server.url, schemaName);
  const writers = startWriters(server.url, schemaName);
  for (const [reached, how] of [
    [150, 'fast'],
    [450, 'immediate'],
  ] as const) {
    while ((await countOf(state)).value < reached) await systemRuntime.sleep(10);
    await server.restart(how);
  }
  expect((await countOf(state)).value).toBeLessThan(PROCESSES * WRITES);
  await expectAllKept(state, writers);
});

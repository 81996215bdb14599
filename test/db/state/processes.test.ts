import { expect, it, onTestFinished } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { createFileState } from '../../../src/db/state/file-state.ts';
import { countSchema, type TestTables } from '../../contract/state-tables.ts';
import { startFaultProxy } from '../../support/fault-proxy/proxy.ts';
import { stormyNetwork } from '../../support/fault-proxy/stormy-network.ts';
import { expectRaisedOnce, raiseStateTogether, stateInBucket } from '../../support/raised-state.ts';
import { s3ServerForTest } from '../../support/s3-server.ts';
import { databaseFile } from '../database-folder.ts';

it('4 processes that begin on one new file lose and double none of 50 transactions each', async () => {
  const file = databaseFile();
  const told = await raiseStateTogether({ file }, 4, 50);
  const state = createFileState<TestTables>({ file, schema: countSchema, runtime: systemRuntime });
  onTestFinished(() => state.close());
  await expectRaisedOnce(state, told);
  expect(told.flatMap(({ raised }) => raised)).toHaveLength(200);
});

it('4 processes that begin on one new object lose and double none of 25 transactions each, over a network that fails', async () => {
  const server = await s3ServerForTest();
  const proxy = await startFaultProxy({ upstream: server.endpoint, faults: stormyNetwork(3) });
  onTestFinished(() => proxy.stop());
  const target = { ...server.credentials, bucket: 'wikis', endpoint: proxy.endpoint };
  const told = await raiseStateTogether(target, 4, 25);
  await proxy.settled();
  await expectRaisedOnce(stateInBucket({ ...target, endpoint: server.endpoint }), told);
  expect(told.flatMap(({ raised, unknown }) => [...raised, ...unknown])).toHaveLength(100);
  expect(proxy.counts.faults.close).toBeGreaterThan(0);
});

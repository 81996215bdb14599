import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { stateDatabaseContract } from '../contract/state-database.contract.ts';
import type { BucketTarget } from '../support/bucket-wiki.ts';
import { cephForTest } from '../support/ceph.ts';
import { startFaultProxy } from '../support/fault-proxy/proxy.ts';
import { stormyNetwork } from '../support/fault-proxy/stormy-network.ts';
import { expectRaisedOnce, raiseStateTogether, stateInBucket } from '../support/raised-state.ts';

let bucket: () => Promise<BucketTarget>;
beforeEach(ctx => {
  const { endpoint, accessKeyId, secretAccessKey, createBucket } = cephForTest(ctx);
  bucket = async () => ({ endpoint, accessKeyId, secretAccessKey, bucket: await createBucket() });
});

stateDatabaseContract(
  'SQLite as a snapshot in Ceph',
  async () => {
    const target = await bucket();
    return { open: options => stateInBucket(target, options) };
  },
  { findsImpureWork: true },
);

it('8 processes lose and double none of 100 transactions each in Ceph, over a network that fails', {
  timeout: 300_000,
}, async () => {
  const target = await bucket();
  const proxy = await startFaultProxy({ upstream: target.endpoint, faults: stormyNetwork(5) });
  onTestFinished(() => proxy.stop());
  const told = await raiseStateTogether({ ...target, endpoint: proxy.endpoint }, 8, 100);
  await proxy.settled();
  await expectRaisedOnce(stateInBucket(target), told);
  expect(told.flatMap(({ raised, unknown }) => [...raised, ...unknown])).toHaveLength(800);
  for (const kind of ['delay', 'answer', 'close', 'late', 'double'])
    expect(proxy.counts.faults[kind], kind).toBeGreaterThan(0);
});

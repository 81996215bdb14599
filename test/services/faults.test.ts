import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { startCluster } from '../../scripts/ceph/cluster.ts';
import { type Daemon, killDaemon } from '../../scripts/ceph/daemon.ts';
import type { BucketTarget } from '../support/bucket-wiki.ts';
import { cephForTest } from '../support/ceph.ts';
import { startFaultProxy } from '../support/fault-proxy/proxy.ts';
import { stormyNetwork } from '../support/fault-proxy/stormy-network.ts';
import { needs } from '../support/needs.ts';
import { createCounter, expectRaised, raiseTogether } from '../support/raised-page.ts';

describe('a number on a page, raised under the revision lock', () => {
  it('by 8 processes 100 times each ends at exactly 800, over a network that fails', {
    timeout: 300_000,
  }, async ctx => {
    const { target } = await cephTarget(ctx);
    await createCounter(target);
    const proxy = await startFaultProxy({ upstream: target.endpoint });
    onTestFinished(() => proxy.stop());
    proxy.faults = stormyNetwork(2);
    const raised = await raiseTogether({ ...target, endpoint: proxy.endpoint }, 8, 100);
    await proxy.settled();
    await expectRaised(target, raised);
    expect(raised.flatMap(({ commits }) => commits)).toHaveLength(800);
    for (const kind of ['delay', 'answer', 'close', 'late', 'double'])
      expect(proxy.counts.faults[kind], kind).toBeGreaterThan(0);
  });

  it('loses nothing when daemons are killed amid the writes and started again', {
    timeout: 300_000,
  }, async ctx => {
    const { target, folder } = await cephTarget(ctx);
    await createCounter(target);
    let ended = false;
    const raising = raiseTogether(target, 4, 60).finally(() => {
      ended = true;
    });
    const victims: Daemon[][] = [['gateway'], ['disk'], ['gateway', 'disk']];
    let rounds = 0;
    for (const daemons of victims) {
      await wait(2_000);
      if (ended) break;
      rounds += 1;
      await killAndStart(folder, daemons);
    }
    await expectRaised(target, await raising);
    expect(rounds).toBeGreaterThan(0);
  });
});

async function cephTarget(ctx: TestContext): Promise<{ target: BucketTarget; folder: string }> {
  needs(ctx, 'git');
  const { endpoint, accessKeyId, secretAccessKey, folder, createBucket } = cephForTest(ctx);
  return { target: { endpoint, accessKeyId, secretAccessKey, bucket: await createBucket() }, folder };
}

async function killAndStart(folder: string, daemons: readonly Daemon[]): Promise<void> {
  try {
    await Promise.all(daemons.map(daemon => killDaemon(folder, daemon)));
  } finally {
    await startCluster(folder);
  }
}

import { describe, expect, it, onTestFinished } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy/proxy.ts';
import { stormyNetwork } from '../support/fault-proxy/stormy-network.ts';
import { needs } from '../support/needs.ts';
import { createCounter, expectRaised, raiseTogether } from '../support/raised-page.ts';
import type { ProfileName } from '../support/s3-server/profile.ts';
import { s3ServerForTest } from '../support/s3-server.ts';

const PROCESSES = 8;
/** A hundred in the services suite, against Ceph. */
const TIMES = 25;

describe('8 processes that raise a number on a page together, over a network that fails', () => {
  it.for<ProfileName>(['aws', 'ceph16'])('end exact (%s)', { timeout: 120_000 }, async (profile, ctx) => {
    needs(ctx, 'git');
    const server = await s3ServerForTest({ profile, raceProbability: 0.3 });
    const target = { ...server.credentials, endpoint: server.endpoint, bucket: 'wikis' };
    await createCounter(target);
    const proxy = await startFaultProxy({ upstream: server.endpoint });
    onTestFinished(() => proxy.stop());
    proxy.faults = stormyNetwork(1);
    const raised = await raiseTogether({ ...target, endpoint: proxy.endpoint }, PROCESSES, TIMES);
    await proxy.settled();
    await expectRaised(target, raised);
    expect(raised.flatMap(({ commits }) => commits)).toHaveLength(PROCESSES * TIMES);
    for (const kind of ['delay', 'answer', 'close', 'late', 'double'])
      expect(proxy.counts.faults[kind], kind).toBeGreaterThan(0);
  });
});

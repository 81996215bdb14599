import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, type TestContext, test } from 'vitest';
import { noise } from '../support/large-files.ts';
import { type Deployment, type DeploymentOptions, deploy } from './support/deployment.ts';
import { examine } from './support/examine.ts';
import type { OpenPlace } from './support/s3-place.ts';

/** How long nothing may happen that was begun before an answer. */
const QUIET_MS = 500;
/** More than a flush is due after: 64 kB and 32 swaps. */
const WRITES = 45;

/** A function is stopped when it has answered, and goes on with the next request as if nothing had been. */
export function freezingContract(open: OpenPlace): void {
  describe('the API function has nothing under way when it has answered', () => {
    test('writes, also those by which a flush is due', async ctx => {
      const deployment = await deploy(ctx, open);
      const { api, functions } = deployment;
      for (let n = 0; n < WRITES; n += 1) {
        const content = noise(2500, n + 1).toString('base64');
        const { status } = await api.call('PUT', `/pages/Page-${n}`, { content });
        expect([status, underWay(deployment)]).toEqual([201, []]);
        const before = functions.api.network.requests.length;
        // Whatever had been left would go on now.
        expect((await api.call('GET', '/health')).status).toBe(200);
        expect(functions.api.network.requests.length).toBe(before);
      }
      const packs = functions.api.network.requests.filter(({ key }) => key.endsWith('.pack'));
      expect(packs.map(({ operation }) => operation)).toContain('PutObject');
      await examine(deployment);
    });

    test('the first request, whatever it is, although the ledger is read in advance', async ctx => {
      const deployment = await deploy(ctx, open);
      for (const path of ['/health', '/nowhere', '/pages', '/pages/None']) {
        await deployment.functions.api.pool.recycle();
        await deployment.api.call('GET', path);
        expect([path, underWay(deployment)]).toEqual([path, []]);
      }
    });

    test.for<DeploymentOptions['door']>(['functionUrl', 'httpApi'])(
      'two environments that contend for one page, through %s',
      async (door, ctx) => {
        const deployment = await deploy(ctx, open, { freezes: false, ...(door && { door }) });
        const { api, functions } = deployment;
        const write = (n: number) => api.call('PUT', `/pages/Page-${n % 2}`, { content: `${n}\n` });
        await Promise.all([write(0), write(1)]);
        for (let n = 0; n < 10; n += 1) {
          const change = { old_string: '\n', new_string: `${n}\n`, on_conflict: 'merge' };
          const { revision } = (await api.call('GET', '/pages/Page-0')).body;
          const patch = () => api.call('PATCH', '/pages/Page-0', { ...change, revision });
          const answers = await Promise.all([patch(), patch()]);
          expect(answers.map(({ status }) => status)).toContain(200);
          expect(underWay(deployment)).toEqual([]);
        }
        const before = functions.api.network.requests.length;
        await wait(QUIET_MS);
        expect(functions.api.network.requests.length).toBe(before);
        expect(functions.api.pool.environments).toHaveLength(2);
      },
    );
  });

  test('a connection that was closed while the function was stopped is not in the way of a write', async ctx => {
    const deployment = await deploy(ctx, open);
    const { api, functions } = deployment;
    for (let n = 0; n < 5; n += 1) {
      const { status } = await api.call('PUT', `/pages/Page-${n}`, { content: 'x' });
      expect(status).toBe(201);
      functions.api.network.closeIdleConnections();
    }
    expect(functions.api.pool.environments).toHaveLength(1);
  });
}

/** A function that nobody calls for a minute. */
export function longFreezingContract(open: OpenPlace): void {
  test('a function that is stopped for 60 s goes on with a write, its connections closed after 2 s or kept', {
    timeout: 120_000,
  }, async ctx => {
    // At the same time: each is a minute of waiting.
    await Promise.all([true, false].map(async closes => await goOnAfterAMinute(ctx, open, closes)));
  });
}

async function goOnAfterAMinute(ctx: TestContext, open: OpenPlace, closes: boolean): Promise<void> {
  const { api, functions } = await deploy(ctx, open);
  const { network, pool } = functions.api;
  const revision = await api.write('Page', 'x');
  const before = network.requests.length;
  await wait(2_000);
  if (closes) network.closeIdleConnections();
  await wait(58_000);
  expect(network.requests.length).toBe(before);
  const { status } = await api.call('PUT', '/pages/Page', { content: 'y', revision });
  expect([status, await api.text('Page'), pool.environments.length]).toEqual([200, 'y', 1]);
}

/** Requests that have no answer yet. */
function underWay({ functions }: Deployment): string[] {
  const { requests } = functions.api.network;
  return requests
    .filter(({ status }) => status === undefined)
    .map(({ operation, key }) => `${operation} ${key}`);
}

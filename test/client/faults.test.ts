import { expect, onTestFinished, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy/proxy.ts';
import { randomFaults } from '../support/fault-proxy/random-faults.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';
import type { FaultPlan } from '../support/s3-server/faults.ts';
import { startCuttingProxy } from './cutting-proxy.ts';

async function proxyTo(upstream: string, faults: FaultPlan): Promise<FaultProxy> {
  const proxy = await startFaultProxy({ upstream, faults });
  onTestFinished(() => proxy.stop());
  return proxy;
}

/** The first `count` requests of this method are hit. */
function first(count: number, method: string, fault: ReturnType<FaultPlan>): FaultPlan {
  let left = count;
  return request => (request.method === method && left-- > 0 ? fault : undefined);
}

const AFTER: [string, ReturnType<FaultPlan>][] = [
  ['the connection was closed', { kind: 'close', when: 'after' }],
  ['something in between answered 503', { kind: 'answer', status: 503, after: true }],
  ['the request came late', { kind: 'late', ms: 60 }],
  ['the request came twice', { kind: 'double', answer: 'second' }],
];

test.each(AFTER)('a write is carried out once when %s', async (_, fault) => {
  const wiki = await openListeningWiki();
  const proxy = await proxyTo(wiki.url, first(2, 'PUT', fault));
  const client = wiki.client({ url: proxy.endpoint });
  const { revision } = await client.put('Home', 'one\n');
  await proxy.settled();
  expect(await wiki.head()).toBe(revision);
  expect(await Array.fromAsync(client.changelog())).toHaveLength(1);
});

test('answers that were cut off are asked for again', async () => {
  const wiki = await openListeningWiki();
  const client = wiki.client({ url: await startCuttingProxy(wiki.url, 3) });
  await client.put('Home', 'one\n');
  expect((await client.page('Home')).content).toBe('one\n');
  expect(await Array.fromAsync(client.changelog())).toHaveLength(1);
});

test('an outcome that stays unknown is told with the key to go on', async () => {
  const wiki = await openListeningWiki();
  const proxy = await proxyTo(wiki.url, first(1000, 'PUT', { kind: 'close', when: 'after' }));
  const broken = wiki.client({ url: proxy.endpoint, deadlineMs: 300 });
  const error = await broken.put('Home', 'one\n').catch(cause => cause);
  expect(error).toMatchObject({ code: 'outcome_unknown', retryable: true });
  expect(error.message).toContain(error.idempotencyKey);
  const { idempotencyKey } = error;
  await wiki.client().put('Home', 'one\n', { idempotencyKey });
  expect(await Array.fromAsync(wiki.client().changelog())).toHaveLength(1);
});

test('what no key makes safe is not sent again when it may have happened', async () => {
  const wiki = await openListeningWiki();
  const proxy = await proxyTo(wiki.url, first(1, 'POST', { kind: 'close', when: 'after' }));
  const body = { name: 'bot', rights: ['read' as const] };
  const made = wiki.client({ url: proxy.endpoint }).request('POST /api/v1/tokens', { body });
  await expect(made).rejects.toMatchObject({ code: 'network_failed', status: 0 });
  const { data } = await wiki.client().request('GET /api/v1/tokens');
  expect(data.tokens).toHaveLength(1);
});

test('through a network where every third request fails nothing is lost and nothing written twice', {
  timeout: 120_000,
}, async () => {
  const wiki = await openListeningWiki();
  const rates = {
    delay: 0.05,
    refused: 0.05,
    refusedAfter: 0.06,
    closedBefore: 0.05,
    closedAfter: 0.06,
    late: 0.03,
  };
  const proxy = await proxyTo(wiki.url, randomFaults({ seed: 7, rates: { ...rates, doubled: 0.05 } }));
  const names = ['a', 'b', 'c', 'd'];
  let writes = 0;
  await Promise.all(
    names.map(async name => {
      const client = wiki.client({ url: proxy.endpoint, retries: 20 });
      for (let n = 0; n < 10; n++) {
        if (await client.append(`own-${name}`, `${n}\n`)) writes += 1;
        if (await client.append('shared', `${name} ${n}\n`, { attempts: 100 })) writes += 1;
      }
    }),
  );
  await proxy.settled();
  expect(Object.keys(proxy.counts.faults).length).toBeGreaterThan(3);
  const numbers = Array.from({ length: 10 }, (_, n) => n);
  for (const name of names) expect(await wiki.text(`own-${name}`)).toBe(`${numbers.join('\n')}\n`);
  const lines = (await wiki.text('shared'))?.trim().split('\n');
  expect(lines?.sort()).toEqual(names.flatMap(name => numbers.map(n => `${name} ${n}`)).sort());
  expect(await Array.fromAsync(wiki.client().changelog())).toHaveLength(writes);
});

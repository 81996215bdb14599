import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpResponse } from '../../src/http/message.ts';
import type { Service } from '../../src/lazy/app.ts';
import { BUCKET_KEY, type BucketTarget, openBucketWiki } from '../support/bucket-wiki.ts';
import { expectNoFindings } from '../support/data-folder.ts';
import { startFaultProxy } from '../support/fault-proxy/proxy.ts';
import { commitFiles } from '../support/repository.ts';
import type { RequestRecord } from '../support/s3-server/request-log.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import { s3ServerForTest } from '../support/s3-server.ts';

const WRITERS = 64;

async function served(): Promise<{ server: S3Server; target: BucketTarget; service: Service }> {
  const server = await s3ServerForTest();
  const target = { ...server.credentials, endpoint: server.endpoint, bucket: 'wikis' };
  const service = openBucketWiki(target);
  await service.createWiki();
  await commitFiles(await service.repository(), { 'page.md': 'first' }, 'Start');
  return { server, target, service };
}

function put({ app }: Service, page: string, body: object, limitMs = 25_000): Promise<HttpResponse> {
  return app.handle({
    method: 'PUT',
    path: `/api/v1/pages/${page}`,
    query: '',
    headers: { authorization: `Bearer ${BUCKET_KEY}`, 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    deadlineMs: Date.now() + limitMs,
  });
}

function isSwap({ method, key }: RequestRecord): boolean {
  return method === 'PUT' && key.includes('/ledger/');
}

describe('64 requests at a time in one process', () => {
  it('share swaps: nobody waits for more than two, and a refusal is that of one alone', async () => {
    const { server, service } = await served();
    server.switches.latencyMs = 30;
    const waits: { fromMs: number; toMs: number; status: number; wrong: boolean }[] = [];
    const write = async (writer: number): Promise<void> => {
      for (let count = 0; count < 6; count += 1) {
        const wrong = (writer + count) % 8 === 0;
        const body = { content: `${writer}.${count}`, ...(wrong ? { revision: '0123456789' } : {}) };
        const page = wrong ? 'page' : `w${writer}-${count}`;
        const fromMs = performance.now();
        const { status } = await put(service, page, body);
        waits.push({ fromMs, toMs: performance.now(), status, wrong });
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    for (const { status, wrong } of waits) expect(status).toBe(wrong ? 409 : 201);
    const swaps = server.requests.all.filter(isSwap);
    const met = waits.map(
      ({ fromMs, toMs }) =>
        swaps.filter(({ startedMs, endedMs }) => endedMs > fromMs && startedMs < toMs).length,
    );
    expect(Math.max(...met)).toBeLessThanOrEqual(2);
    expect(swaps.length).toBeLessThan(waits.length / 16);
    await expectNoFindings(await service.repository());
  });
});

describe('a request that gets no turn before its deadline', () => {
  it('is told when to come again, in time, and nothing of it is written later', async () => {
    const { server, target, service: busy } = await served();
    const proxy = await startFaultProxy({ upstream: server.endpoint });
    onTestFinished(() => proxy.stop());
    const slow = openBucketWiki({ ...target, endpoint: proxy.endpoint });
    expect((await put(slow, 'mine', { content: 'first' })).status).toBe(201);
    proxy.faults = ({ method, path }) =>
      method === 'PUT' && path.includes('/ledger/') ? { kind: 'delay', ms: 400 } : undefined;
    let stopped = false;
    const writing = (async () => {
      for (let count = 0; !stopped; count += 1) await put(busy, `other/${count}`, { content: String(count) });
    })();
    const limitMs = 4_000;
    const askedMs = performance.now();
    const { status, headers, body } = await put(slow, 'late', { content: 'late' }, limitMs);
    const tookMs = performance.now() - askedMs;
    stopped = true;
    await writing;
    await proxy.settled();
    const { code } = JSON.parse(String(body));
    expect([status, code]).toEqual([503, expect.stringMatching(/^(contention|outcome_unknown)$/)]);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    // On a busy machine a put may take much longer than those before: then its outcome is not known in time.
    if (code === 'contention') expect(tookMs).toBeLessThan(limitMs);
    expect(
      await (await openBucketWiki(target).repository()).view().then(view => view.file('late.md')),
    ).toBeUndefined();
  });
});

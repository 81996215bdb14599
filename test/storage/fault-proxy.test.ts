import { describe, expect, onTestFinished, test } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy/proxy.ts';
import { randomFaults } from '../support/fault-proxy/random-faults.ts';
import type { Fault, FaultRequest } from '../support/s3-server/faults.ts';
import { presignedUrl } from '../support/s3-server/signed-request.ts';
import { bareEtag, rawClient, type SendRaw, s3ServerForTest } from '../support/s3-server.ts';

/** A server, a proxy in front of it, and clients of both. */
async function proxied() {
  const server = await s3ServerForTest();
  const proxy = await startFaultProxy({ upstream: server.endpoint });
  onTestFinished(() => proxy.stop());
  return {
    server,
    proxy,
    direct: rawClient(server),
    send: rawClient({ ...server, endpoint: proxy.endpoint }),
  };
}

/** The same, where the PUT of the key `hit` goes wrong in this way. */
async function faulty(fault: Fault) {
  const all = await proxied();
  all.proxy.faults = ({ method, path }) => (method === 'PUT' && path === '/wikis/hit' ? fault : undefined);
  return all;
}

const create = { headers: { 'if-none-match': '*' } };

async function isWritten(direct: SendRaw): Promise<boolean> {
  return (await direct('GET', 'hit')).status === 200;
}

describe('without a fault', () => {
  test('requests and answers pass unchanged: signatures hold, for the host that the client named', async () => {
    const { server, proxy, send } = await proxied();
    const key = "a b/c+d(1)'!ü";
    const body = Buffer.alloc(200_000, 'body');
    const written = await send('PUT', key, { body, headers: { 'x-amz-meta-page': 'Home' } });
    expect(written.status).toBe(200);
    const found = await send('GET', key);
    expect(found.body.equals(body)).toBe(true);
    expect(found.headers).toMatchObject({ etag: written.headers.etag, 'x-amz-meta-page': 'Home' });
    expect(await send('GET', key, { headers: { 'if-none-match': '*' } })).toMatchObject({
      status: 304,
      text: '',
    });
    expect(await send('HEAD', key)).toMatchObject({ status: 200, headers: { 'content-length': '200000' } });
    expect(await send('DELETE', key)).toMatchObject({ status: 204 });
    expect(server.requests.all.map(({ headers }) => headers.host)).toEqual(
      Array(5).fill(`127.0.0.1:${proxy.port}`),
    );
    expect(proxy.counts).toEqual({ requests: 5, forwarded: 5, connections: 1, faults: {} });
  });

  test('presigned URLs and refusals pass too', async () => {
    const { server, proxy, send } = await proxied();
    const wanted = { method: 'PUT', path: '/wikis/a', headers: { 'content-type': 'text/plain' } };
    const url = presignedUrl({ ...server, endpoint: proxy.endpoint }, wanted, 60);
    const put = (type: string) => fetch(url, { method: 'PUT', body: 'x', headers: { 'content-type': type } });
    expect((await put('text/plain')).status).toBe(200);
    expect((await put('text/html')).status).toBe(403);
    expect((await send('GET', 'none')).text).toContain('<Code>NoSuchKey</Code>');
  });

  test('a server that is gone is a closed connection', async () => {
    const { server, send } = await proxied();
    await server.stop();
    await expect(send('GET', 'a')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a fault', () => {
  test.each([409, 412, 500, 503] as const)('may be the answer %i, which nobody else saw', async status => {
    const { proxy, direct, send } = await faulty({ kind: 'answer', status });
    const answer = await send('PUT', 'hit', { body: 'x' });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('<Code>');
    expect(await isWritten(direct)).toBe(false);
    expect(proxy.counts).toMatchObject({ requests: 1, forwarded: 0, faults: { answer: 1 } });
  });

  test.each([500, 503] as const)('may be the answer %i after the effect', async status => {
    const { direct, send } = await faulty({ kind: 'answer', status, after: true });
    expect(await send('PUT', 'hit', { body: 'x' })).toMatchObject({ status });
    expect(await isWritten(direct)).toBe(true);
  });

  test.each(['before', 'after'] as const)('may cut the connection %s the effect', async when => {
    const { direct, send } = await faulty({ kind: 'close', when });
    await expect(send('PUT', 'hit', { body: 'x' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await isWritten(direct)).toBe(when === 'after');
  });

  test('may land the request late, with its condition', async () => {
    const { proxy, direct, send } = await faulty({ kind: 'late', ms: 1000 });
    await expect(send('PUT', 'hit', { body: 'late', ...create })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(await isWritten(direct)).toBe(false);
    await proxy.settled();
    expect((await direct('GET', 'hit')).text).toBe('late');
    await expect(send('PUT', 'hit', { body: 'again', ...create })).rejects.toThrow();
    await proxy.settled();
    expect((await direct('GET', 'hit')).text).toBe('late');
    expect(proxy.counts).toMatchObject({ requests: 2, forwarded: 2, faults: { late: 2 } });
  });

  test('may double the request', async () => {
    for (const [answer, status] of [
      ['first', 200],
      ['second', 412],
    ] as const) {
      const { server, proxy, send } = await faulty({ kind: 'double', answer, gapMs: 5 });
      expect(await send('PUT', 'hit', { body: 'x', ...create })).toMatchObject({ status });
      await proxy.settled();
      expect(server.requests.all.map(request => request.status)).toEqual([200, 412]);
      expect(proxy.counts).toMatchObject({ requests: 1, forwarded: 2, faults: { double: 1 } });
    }
  });
});

describe('a random plan', () => {
  const rates = { delay: 0.2, conflict: 0.2, refused: 0.1, refusedAfter: 0.1, closedAfter: 0.1, late: 0.1 };
  const request = (number: number, method = 'PUT'): FaultRequest => ({
    ...{ number, method, path: '/wikis/a' },
    ...{ query: new Map(), headers: {} },
  });
  const plan = (seed: number, method?: string) => {
    const faults = randomFaults({ seed, rates, only: ({ number }) => number % 2 === 0 });
    return Array.from({ length: 1000 }, (_, number) => faults(request(number, method)));
  };

  test('is the same for the same seed and hits only what it may', () => {
    const faults = plan(7);
    expect(plan(7)).toEqual(faults);
    expect(plan(8)).not.toEqual(faults);
    expect(faults.filter((fault, number) => fault !== undefined && number % 2 === 1)).toEqual([]);
    const kinds = new Set(faults.map(fault => fault?.kind));
    expect(kinds).toEqual(new Set([undefined, 'delay', 'answer', 'close', 'late']));
  });

  test('gives a read no conflict', () => {
    const statuses = plan(7, 'GET').map(fault => (fault?.kind === 'answer' ? fault.status : 0));
    expect(new Set(statuses)).toEqual(new Set([0, 500, 503]));
  });

  test('never makes a counter count wrong for writers who look for their own effect', async () => {
    const { proxy, direct, send } = await proxied();
    await direct('PUT', 'counter', { body: '' });
    const rates = {
      conflict: 0.05,
      refused: 0.05,
      refusedAfter: 0.05,
      closedBefore: 0.05,
      closedAfter: 0.05,
    };
    proxy.faults = randomFaults({ seed: 1, rates, only: ({ method }) => method === 'PUT' });
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let count = 0; count < 10; count += 1) await append(send, `${writer}.${count};`);
    });
    await Promise.all(writers);
    const written = (await direct('GET', 'counter')).text.split(';').slice(0, -1);
    expect(written).toHaveLength(40);
    expect(new Set(written).size).toBe(40);
    expect(proxy.counts.faults).toMatchObject({ answer: expect.any(Number), close: expect.any(Number) });
  });
});

/** Adds a text that nobody else adds: until it is there, and only while it is not. */
async function append(send: SendRaw, text: string): Promise<void> {
  for (;;) {
    const found = await send('GET', 'counter');
    if (found.text.includes(text)) return;
    const headers = { 'if-match': bareEtag(found) };
    await send('PUT', 'counter', { body: found.text + text, headers }).catch(() => undefined);
  }
}

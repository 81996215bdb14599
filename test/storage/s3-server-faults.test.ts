import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../support/s3-server/faults.ts';
import { connectionsOf, roundTrips } from '../support/s3-server/request-log.ts';
import { presignedUrl } from '../support/s3-server/signed-request.ts';
import { rawServer, type SendRaw } from '../support/s3-server.ts';

/** A server of which the write of the key `hit` goes wrong in this way. */
async function faulty(fault: Fault) {
  const { server, send } = await rawServer();
  server.switches.faults = ({ method, path }) =>
    method === 'PUT' && path === '/wikis/hit' ? fault : undefined;
  return { server, send };
}

const create = { headers: { 'if-none-match': '*' } };

async function isWritten(send: SendRaw): Promise<boolean> {
  return (await send('GET', 'hit')).status === 200;
}

describe('a fault', () => {
  test.each([409, 412, 500, 503] as const)('may be the answer %i, without an effect', async status => {
    const { send } = await faulty({ kind: 'answer', status });
    expect(await send('PUT', 'hit', { body: 'x' })).toMatchObject({ status });
    expect(await isWritten(send)).toBe(false);
    expect(await send('PUT', 'other', { body: 'x' })).toMatchObject({ status: 200 });
  });

  test.each([500, 503] as const)('may be the answer %i after the effect', async status => {
    const { send } = await faulty({ kind: 'answer', status, after: true });
    expect(await send('PUT', 'hit', { body: 'x' })).toMatchObject({ status });
    expect(await isWritten(send)).toBe(true);
  });

  test.each(['before', 'after'] as const)('may close the connection %s the effect', async when => {
    const { server, send } = await faulty({ kind: 'close', when });
    await expect(send('PUT', 'hit', { body: 'x' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await isWritten(send)).toBe(when === 'after');
    expect(server.requests.all[0]).toMatchObject({ status: 0, fault: 'close', receivedBytes: 1 });
  });

  test('may let the effect come after the connection was closed', async () => {
    const { server, send } = await faulty({ kind: 'late', ms: 1000 });
    await expect(send('PUT', 'hit', { body: 'x' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await isWritten(send)).toBe(false);
    await server.settled();
    expect(await isWritten(send)).toBe(true);
  });

  test('a late effect still obeys its condition', async () => {
    const { server, send } = await faulty({ kind: 'late', ms: 1000 });
    await expect(send('PUT', 'hit', { body: 'late', ...create })).rejects.toThrow();
    server.switches.faults = undefined;
    expect(await send('PUT', 'hit', { body: 'early', ...create })).toMatchObject({ status: 200 });
    await server.settled();
    expect((await send('GET', 'hit')).text).toBe('early');
  });

  test('may double the request: the second of two conditional writes is lost', async () => {
    for (const [answer, status] of [
      ['first', 200],
      ['second', 412],
    ] as const) {
      const { send } = await faulty({ kind: 'double', answer });
      expect(await send('PUT', 'hit', { body: 'x', ...create })).toMatchObject({ status });
      expect(await isWritten(send)).toBe(true);
    }
  });
});

describe('the log of requests', () => {
  test('tells what came and what was answered', async () => {
    const { server, send } = await rawServer();
    await send('PUT', 'a/b', { body: 'four' });
    await send('GET', 'a/b', { headers: { range: 'bytes=0-1' } });
    await send('GET', 'none', { query: { versionId: 'x y' } });
    expect(server.requests.all).toMatchObject([
      { number: 1, operation: 'PutObject', bucket: 'wikis', key: 'a/b', status: 200, receivedBytes: 4 },
      { number: 2, operation: 'GetObject', headers: { range: 'bytes=0-1' }, status: 206, sentBytes: 2 },
      { number: 3, query: 'versionId=x%20y', status: 404, code: 'NoSuchVersion' },
    ]);
    expect(JSON.stringify(server.requests.all)).not.toContain('Signature=');
    expect(server.requests.of('GetObject')).toHaveLength(2);
    server.requests.clear();
    expect(server.requests.all).toEqual([]);
  });

  test('counts round trips: what ran side by side counts once', async () => {
    const { server, send } = await rawServer({ latencyMs: ({ path }) => (path === '/wikis/a' ? 0 : 400) });
    await send('PUT', 'a', { body: 'x' });
    await Promise.all(['b', 'c', 'd'].map(key => send('PUT', key, { body: 'x' })));
    await send('GET', 'a');
    expect(server.requests.all).toHaveLength(5);
    expect(roundTrips(server.requests.all)).toBe(3);
    expect(connectionsOf(server.requests.all)).toBe(3);
    expect(server.connections()).toBe(3);
  });

  test('tells connections apart, also when an idle one was closed', async () => {
    const { server, send } = await rawServer();
    await send('PUT', 'a', { body: 'x' });
    await send('GET', 'a');
    server.closeIdleConnections();
    await new Promise(resolve => setTimeout(resolve, 50));
    await send('GET', 'a');
    expect(server.requests.all.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });
});

test('latency may differ from request to request and be changed', async () => {
  const { server, send } = await rawServer({ latencyMs: ({ method }) => (method === 'PUT' ? 200 : 0) });
  const written = send('PUT', 'a', { body: 'x' });
  await expect.poll(() => server.requests.all.length).toBe(1);
  expect(await send('GET', 'none')).toMatchObject({ status: 404 });
  expect(server.requests.all[0]?.endedMs).toBe(Number.POSITIVE_INFINITY);
  server.switches.latencyMs = 0;
  expect(await written).toMatchObject({ status: 200 });
});

test('a server that stops loses what was under way', async () => {
  const { server, send } = await rawServer({ latencyMs: 60_000 });
  const written = send('PUT', 'a', { body: 'x' });
  await expect.poll(() => server.requests.all.length).toBe(1);
  await Promise.all([server.stop(), expect(written).rejects.toMatchObject({ code: 'ECONNRESET' })]);
});

test('an upload that breaks off in the middle stores nothing', async () => {
  const { server, send } = await rawServer();
  const url = new URL(presignedUrl(server, { method: 'PUT', path: '/wikis/a' }, 60));
  const socket = connect(server.port, '127.0.0.1');
  socket.write(
    `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-length: 10\r\n\r\nhalf`,
  );
  await expect.poll(() => server.requests.all.length).toBe(1);
  socket.destroy();
  await expect.poll(() => server.requests.all[0]?.endedMs).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(server.requests.all[0]).toMatchObject({ operation: 'PutObject', status: 0 });
  expect(await send('GET', 'a')).toMatchObject({ status: 404 });
});

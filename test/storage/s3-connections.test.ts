import { createServer as createTcpServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { textOf } from '../contract/byte-store-values.ts';
import { created, listening, putText, refusalOf, servedStore, storeAt } from './s3-support.ts';

describe('connections', () => {
  test('are kept: ten calls in turn need one', async () => {
    const { server, store, calls } = await servedStore();
    let version = await created(store, '0');
    for (let round = 1; round < 10; round += 1) {
      const outcome = await putText(store, `${round}`, { ifMatch: version });
      version = outcome.kind === 'stored' ? outcome.version : '';
    }
    expect(server.connections()).toBe(1);
    expect(calls.map(call => call.connected)).toEqual([true, ...Array(9).fill(false)]);
  });

  test('that were idle for more than 3 seconds by the clock are not tried', async () => {
    let nowMs = Date.now();
    const runtime = { ...systemRuntime, now: () => nowMs };
    const { server, store } = await servedStore({ now: () => nowMs }, { runtime });
    await created(store);
    nowMs += 2900;
    await textOf(store, 'k');
    expect(server.connections()).toBe(1);
    nowMs += 3100;
    await textOf(store, 'k');
    expect(server.connections()).toBe(2);
    await textOf(store, 'k');
    expect(server.connections()).toBe(2);
  });

  test('of a frozen process, closed meanwhile, do no harm', async () => {
    let nowMs = Date.now();
    const runtime = { ...systemRuntime, now: () => nowMs };
    const { server, store } = await servedStore({ now: () => nowMs }, { runtime });
    const version = await created(store);
    server.closeIdleConnections();
    nowMs += 60_000;
    expect(await putText(store, 'second', { ifMatch: version })).toMatchObject({ kind: 'stored' });
  });

  test('that the server closes at the next request leave a swap unknown, and a read unharmed', async () => {
    const sockets = new Set<Socket>();
    const fickle = createTcpServer(socket => {
      let requests = 0;
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('data', () => {
          requests += 1;
          if (requests > 1) return socket.resetAndDestroy();
          return socket.write('HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 2\r\n\r\nok');
        });
    });
    const store = storeAt(await listening(fickle));
    expect(await textOf(store, 'k')).toBe('ok');
    expect(await textOf(store, 'k')).toBe('ok');
    expect(sockets.size).toBe(2);
    expect(await putText(store, 'x', { ifMatch: '"x"' })).toMatchObject({ kind: 'unknown' });
    for (const socket of sockets) socket.destroy();
  });

  test('that do not come up are given up, and nothing was written', async () => {
    // RFC 5737: nobody has this address.
    const store = storeAt(9, { endpoint: 'http://192.0.2.1:9', connectTimeoutMs: 50 });
    const { code, message } = await refusalOf(putText(store, 'x', { ifAbsent: true }));
    expect(code).toBe('storage_failed');
    expect(message).toMatch(/http:\/\/192\.0\.2\.1:9 cannot be reached/);
  });

  test('may be many at once', async () => {
    const { server, store } = await servedStore({ latencyMs: 20 });
    const keys = Array.from({ length: 150 }, (_, index) => `p/${index}`);
    const outcomes = await Promise.all(keys.map(key => putText(store, key, { immutable: true }, key)));
    expect(outcomes.every(({ kind }) => kind === 'stored')).toBe(true);
    expect(server.connections()).toBe(64);
  });
});

describe('what is told of a call', () => {
  test('has its sizes, its status and its place in a series', async () => {
    const { store, calls } = await servedStore();
    const version = await created(store, 'hello');
    await textOf(store, 'k');
    await store.get('k', { ifNoneMatch: version });
    await putText(store, 'x', { ifAbsent: true });
    expect(calls).toMatchObject([
      {
        operation: 'put',
        key: 'k',
        status: 200,
        attempt: 1,
        sentBytes: 5,
        receivedBytes: 0,
        connected: true,
      },
      {
        operation: 'get',
        key: 'k',
        status: 200,
        attempt: 1,
        sentBytes: 0,
        receivedBytes: 5,
        connected: false,
      },
      { operation: 'get', status: 304, receivedBytes: 0 },
      { operation: 'put', status: 412 },
    ]);
    const starts = calls.map(call => call.startedMs);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(calls.every(call => call.durationMs > 0)).toBe(true);
  });
});

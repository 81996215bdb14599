import { createServer as createTcpServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { bytesOf, textOf } from '../contract/byte-store-values.ts';
import type { Fault, FaultRequest } from '../support/s3-server/faults.ts';
import {
  answering,
  created,
  listening,
  putText,
  refusalOf,
  s3Store,
  servedStore,
  storeAt,
} from './s3-support.ts';

/** Gives the fault to the next request of that method. */
function once(method: string, fault: Fault): (request: FaultRequest) => Fault | undefined {
  let isDone = false;
  return request => {
    if (isDone || request.method !== method) return undefined;
    isDone = true;
    return fault;
  };
}

describe('a conditional put', () => {
  const faults: [string, Fault, string][] = [
    ['answered 500', { kind: 'answer', status: 500 }, 'first'],
    ['answered 503', { kind: 'answer', status: 503 }, 'first'],
    ['answered 500 after it took effect', { kind: 'answer', status: 500, after: true }, 'second'],
    ['cut off before it took effect', { kind: 'close', when: 'before' }, 'first'],
    ['cut off after it took effect', { kind: 'close', when: 'after' }, 'second'],
  ];
  test.each(faults)('that is %s is unknown, and sent once', async (_, fault, text) => {
    const { server, store, calls } = await servedStore();
    const version = await created(store);
    server.switches.faults = once('PUT', fault);
    const outcome = await putText(store, 'second', { ifMatch: version });
    expect(outcome).toMatchObject({ kind: 'unknown', cause: { code: 'storage_failed' } });
    expect(calls.filter(call => call.operation === 'put')).toHaveLength(2);
    expect(await textOf(store, 'k')).toBe(text);
  });

  test('that is answered 409 wrote nothing and may be repeated', async () => {
    const { server, store } = await servedStore();
    const version = await created(store);
    server.switches.faults = once('PUT', { kind: 'answer', status: 409 });
    const late = await putText(store, 'second', { ifMatch: version });
    expect(late).toEqual({ kind: 'conflict', reason: 'concurrent' });
    expect(await putText(store, 'second', { ifMatch: version })).toMatchObject({ kind: 'stored' });
  });

  test.each([201, 202, 204, 206])(
    'that is answered %i is unknown: it may have been let pass',
    async status => {
      const port = await listening(answering(status, 'text/plain', ''));
      const outcome = await putText(storeAt(port), 'x', { ifMatch: '"a"' });
      expect(outcome).toMatchObject({ kind: 'unknown', cause: { code: 'storage_not_s3' } });
    },
  );

  test('that nobody answers in time is unknown', async () => {
    const port = await listening(createTcpServer(socket => socket.on('error', () => {}).resume()));
    const store = storeAt(port, { responseTimeoutMs: 100 });
    const outcome = await putText(store, 'x', { ifAbsent: true });
    expect(outcome).toMatchObject({ kind: 'unknown' });
    expect(outcome.kind === 'unknown' && outcome.cause.message).toContain('no answer for 100 ms');
  });

  test('that is given up while it is under way is unknown', async () => {
    const { server, store } = await servedStore();
    await created(store);
    server.switches.latencyMs = 10_000;
    const outcome = store.put('l', [bytesOf('x')], { ifAbsent: true }, { signal: AbortSignal.timeout(50) });
    expect(await outcome).toMatchObject({ kind: 'unknown' });
  });

  test('that cannot be sent is refused: it wrote nothing', async () => {
    const closed = createTcpServer();
    const port = await listening(closed);
    await new Promise(resolve => closed.close(resolve));
    const { code, message } = await refusalOf(putText(storeAt(port), 'x', { ifAbsent: true }));
    expect(code).toBe('storage_failed');
    expect(message).toContain(`http://127.0.0.1:${port} cannot be reached (ECONNREFUSED)`);
  });

  test('never goes out without its condition, whatever the version is', async () => {
    const { server, store } = await servedStore();
    await created(store);
    for (const ifMatch of ['', '*', '"*"', '""', ' ', 'a\r\nb', '"a" , "b"']) {
      expect(await putText(store, 'late', { ifMatch })).toEqual({ kind: 'conflict', reason: 'changed' });
    }
    const sent = server.requests.of('PutObject').slice(1);
    expect(sent.map(({ headers }) => headers['if-match'])).toEqual(Array(7).fill('0'.repeat(32)));
  });
});

describe('what may be repeated', () => {
  test.each([500, 503] as const)('is repeated after %i', async status => {
    const { server, store, calls } = await servedStore();
    server.switches.faults = once('PUT', { kind: 'answer', status });
    expect(await putText(store, 'pack', { immutable: true })).toMatchObject({ kind: 'stored' });
    server.switches.faults = once('GET', { kind: 'answer', status });
    expect(await textOf(store, 'k')).toBe('pack');
    server.switches.faults = once('GET', { kind: 'answer', status });
    expect((await store.list('')).objects).toHaveLength(1);
    server.switches.faults = once('POST', { kind: 'answer', status });
    await store.delete(['k']);
    expect(calls.map(call => call.status)).toEqual([status, 200, status, 200, status, 200, status, 200]);
    expect(calls.map(call => call.attempt)).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
  });

  test('is repeated after a cut connection', async () => {
    const { server, store } = await servedStore();
    server.switches.faults = once('PUT', { kind: 'close', when: 'after' });
    expect(await putText(store, 'pack', { immutable: true })).toMatchObject({ kind: 'stored' });
    server.switches.faults = once('GET', { kind: 'close', when: 'before' });
    expect(await textOf(store, 'k')).toBe('pack');
  });

  test('is sent three times at most', async () => {
    const { server, store, calls } = await servedStore();
    server.switches.faults = () => ({ kind: 'answer', status: 503 });
    expect(await putText(store, 'pack', { immutable: true })).toMatchObject({ kind: 'unknown' });
    const { code, message } = await refusalOf(store.get('k'));
    expect(code).toBe('storage_failed');
    expect(message).toContain('answered 503 SlowDown: Please reduce your request rate.');
    expect(calls.map(call => call.attempt)).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('ends when the caller gives up', async () => {
    const { server, store, calls } = await servedStore();
    server.switches.faults = () => ({ kind: 'answer', status: 503 });
    const runtime = { ...systemRuntime, sleep: () => new Promise<void>(() => {}) };
    const patient = s3Store(server, { runtime });
    const call = patient.get('k', { signal: AbortSignal.timeout(50) });
    await expect(call).rejects.toMatchObject({ code: 'storage_failed' });
    expect(calls).toEqual([]);
    await expect(store.get('k', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      message: 'Reading "k" failed: the caller gave up',
    });
  });
});

describe('an answer that is cut', () => {
  test('is not taken for the object', async () => {
    const cut = createTcpServer(socket => {
      socket.on('error', () => {});
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 100\r\n\r\nhello'),
      );
    });
    const { code, message } = await refusalOf(storeAt(await listening(cut)).get('k'));
    expect(code).toBe('storage_failed');
    expect(message).toContain('gave no answer');
  });

  test('is not taken for the object where nothing tells how long it is', async () => {
    const cut = createTcpServer(socket => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nETag: "x"\r\nConnection: close\r\n\r\nhel'));
    });
    const { code, message } = await refusalOf(storeAt(await listening(cut)).get('k'));
    expect(code).toBe('storage_failed');
    expect(message).toContain('the answer does not tell how long it is');
  });

  test('by a server that ignores ranges is cut to the range', async () => {
    const whole = createTcpServer(socket => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 5\r\n\r\nhello'));
    });
    const store = storeAt(await listening(whole));
    expect(await store.get('k', { range: { start: 1, end: 3 } })).toEqual({
      kind: 'found',
      bytes: bytesOf('el'),
      version: '"x"',
      size: 5,
    });
  });

  test('of another range is refused', async () => {
    const other = createTcpServer(socket => {
      socket.on('error', () => {});
      const head = 'HTTP/1.1 206 OK\r\nETag: "x"\r\nContent-Range: bytes 0-1/5\r\nContent-Length: 2\r\n\r\n';
      socket.once('data', () => socket.end(`${head}he`));
    });
    const call = storeAt(await listening(other)).get('k', { range: { start: 1, end: 3 } });
    expect((await refusalOf(call)).message).toContain(
      'it has 2 bytes of "bytes 0-1/5", "bytes=1-2" was asked for',
    );
  });
});

describe('what is missing', () => {
  test('is not absent when it is the bucket', async () => {
    const { store } = await servedStore({}, { bucket: 'other' });
    for (const call of [
      store.get('k'),
      store.get('k', { range: { start: 3, end: 3 } }),
      store.get('k', { range: { start: -4 } }),
      putText(store, 'x', { ifMatch: '"a"' }),
      store.list(''),
      store.delete(['k']),
    ]) {
      const { code, message } = await refusalOf(call);
      expect(code).toBe('storage_bucket_absent');
      expect(message).toContain('has no bucket "other", create it or correct the store');
    }
  });

  test('may be the object or the permission where listing is forbidden', async () => {
    const { server, store } = await servedStore();
    server.switches.permissions = ({ action }) => action !== 's3:ListBucket';
    const { code, message } = await refusalOf(store.get('k'));
    expect(code).toBe('storage_denied');
    expect(message).toContain('the object is missing, or the permission s3:GetObject is');
  });

  test('is not absent when a proxy answers 404', async () => {
    const port = await listening(answering(404, 'text/html', '<html>not here</html>'));
    expect((await refusalOf(storeAt(port).get('k'))).code).toBe('storage_not_s3');
    expect((await refusalOf(putText(storeAt(port), 'x', { ifMatch: '"a"' }))).code).toBe('storage_not_s3');
  });
});

describe('an answer of something else than S3', () => {
  test('is no deletion and no listing of uploads', async () => {
    const store = storeAt(await listening(answering(200, 'text/html', '<html>welcome</html>')));
    for (const call of [store.delete(['k']), store.sweepUploads(0)]) {
      expect((await refusalOf(call)).code).toBe('storage_not_s3');
    }
  });
});

describe('a refusal', () => {
  test('names the keys that could not be deleted', async () => {
    const { server, store } = await servedStore();
    for (const key of ['a', 'b', 'c']) await putText(store, key, { immutable: true }, key);
    server.switches.permissions = ({ action, key }) => action !== 's3:DeleteObject' || !key.endsWith('b');
    const { code, message } = await refusalOf(store.delete(['a', 'b', 'c']));
    expect(code).toBe('storage_denied');
    expect(message).toContain('Deleting "b" in s3://wikis/some/wiki failed');
    expect((await store.list('')).objects.map(object => object.key)).toEqual(['b']);
  });

  test('tells neither the secret nor a signature', async () => {
    const secret = 'a-very-secret-key';
    const { server } = await servedStore();
    const variables = { accessKeyId: server.credentials.accessKeyId, secretAccessKey: secret };
    const error: unknown = await s3Store(server, { variables })
      .get('k')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'storage_denied' });
    const told = `${(error as Error).message} ${JSON.stringify(error)}`;
    expect(told).not.toContain(secret);
    expect(told).not.toMatch(/[0-9a-f]{64}/);
  });
});

import { createServer, type Server } from 'node:http';
import { describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { partBytes } from '../../src/storage/s3/parts.ts';
import { textOf } from '../contract/byte-store-values.ts';
import type { FaultRequest } from '../support/s3-server/faults.ts';
import { listening, refusalOf, s3Store, servedStore, storeAt } from './s3-support.ts';

const MiB = 1024 * 1024;

async function* zeros(megabytes: number): AsyncGenerator<Uint8Array> {
  for (let count = 0; count < megabytes; count += 1) yield Buffer.alloc(MiB, count);
}

describe('an upload', () => {
  test('of up to 8 MiB is one request', async () => {
    const { server, store } = await servedStore();
    await store.upload('p/a', zeros(8));
    expect(server.requests.all.map(({ operation }) => operation)).toEqual(['PutObject']);
  });

  test('of more is sent in parts of 8 MiB, two at a time', async () => {
    const { server, store } = await servedStore();
    server.switches.latencyMs = slowParts;
    await store.upload('p/a', zeros(41));
    const parts = server.requests.of('UploadPart');
    expect(parts.map(({ receivedBytes }) => receivedBytes).sort((a, b) => b - a)).toEqual(
      [8, 8, 8, 8, 8, 1].map(count => count * MiB),
    );
    const underWay = parts.map(
      ({ startedMs }) => parts.filter(part => part.startedMs <= startedMs && startedMs < part.endedMs).length,
    );
    expect(Math.max(...underWay)).toBe(2);
  });

  test('holds three parts at most, however slow the server is', async () => {
    const { server, store } = await servedStore();
    server.switches.latencyMs = slowParts;
    let given = 0;
    let most = 0;
    const counted = (async function* () {
      for await (const chunk of zeros(80)) {
        const answered = server.requests.of('UploadPart').filter(({ status }) => status === 200);
        const done = answered.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
        given += chunk.length;
        most = Math.max(most, given - done);
        yield chunk;
      }
    })();
    await store.upload('p/a', counted);
    expect(most).toBeLessThanOrEqual(3 * 8 * MiB + MiB);
  });

  test('has room for 5 TiB in 10,000 parts, none above 5 GiB', () => {
    let bytes = 0;
    let largest = 0;
    for (let index = 0; index < 10_000; index += 1) {
      bytes += partBytes(index);
      largest = Math.max(largest, partBytes(index));
    }
    expect(bytes).toBeGreaterThan(5 * 1024 ** 4);
    expect(largest).toBeLessThanOrEqual(5 * 1024 ** 3);
    expect(partBytes(999)).toBe(8 * MiB);
  });

  test('repeats a part that failed', async () => {
    const { server, store } = await servedStore();
    server.switches.faults = failing(request => request.query.get('partNumber') === '2', 1);
    await store.upload('p/a', zeros(20));
    expect((await store.list('')).objects).toMatchObject([{ key: 'p/a', size: 20 * MiB }]);
  });

  test('is done when only the answer to its completion was lost', async () => {
    const { server, store } = await servedStore();
    let isCut = false;
    server.switches.faults = ({ method, query }) => {
      if (isCut || method !== 'POST' || !query.has('uploadId')) return undefined;
      isCut = true;
      return { kind: 'close', when: 'after' };
    };
    expect(await store.upload('p/a', zeros(20))).toEqual({ size: 20 * MiB });
    expect(server.requests.of('CompleteMultipartUpload').map(({ status }) => status)).toEqual([0, 404]);
  });

  test.each(['', '<html>welcome</html>'])('is not done when its completion is answered %j', async text => {
    const port = await listening(multipartServer({ completed: text }));
    const { code } = await refusalOf(storeAt(port).upload('p/a', zeros(9)));
    expect(code).toBe('storage_failed');
  });

  test('that fails leaves no parts behind', async () => {
    const { server, store } = await servedStore();
    server.switches.faults = failing(request => request.query.get('partNumber') === '2', 3);
    const { code, message } = await refusalOf(store.upload('p/a', zeros(40)));
    expect(code).toBe('storage_failed');
    expect(message).toContain('Uploading "p/a" in s3://wikis/some/wiki failed');
    expect(server.requests.of('AbortMultipartUpload')).toHaveLength(1);
    expect(await store.sweepUploads(0)).toBe(0);
    expect(await textOf(store, 'p/a')).toBeUndefined();
  });
});

describe('sweeping', () => {
  test('aborts unfinished uploads below the prefix that are old', async () => {
    let nowMs = Date.now();
    const { server, store } = await servedStore({}, { runtime: { ...systemRuntime, now: () => nowMs } });
    const elsewhere = s3Store(server, { prefix: 'else' });
    server.switches.permissions = ({ action }) => action !== 's3:AbortMultipartUpload';
    server.switches.faults = failing(request => request.query.has('partNumber'), 100);
    for (const each of [store, store, elsewhere]) await refusalOf(each.upload('p/a', zeros(9)));
    server.switches.faults = undefined;
    server.switches.permissions = () => true;
    expect(await store.sweepUploads(60_000)).toBe(0);
    nowMs += 61_000;
    server.switches.now = () => nowMs;
    expect(await store.sweepUploads(60_000)).toBe(2);
    expect(await store.sweepUploads(60_000)).toBe(0);
  });
});

test('sweeping leaves an upload alone whose age cannot be told', async () => {
  const upload = '<Upload><Key>some/wiki/p/a</Key><UploadId>u</UploadId></Upload>';
  const uploads = `<ListMultipartUploadsResult>${upload}</ListMultipartUploadsResult>`;
  const port = await listening(multipartServer({ uploads }));
  expect(await storeAt(port).sweepUploads(0)).toBe(0);
});

/** Takes uploads in parts, of which nothing comes. */
function multipartServer({ completed = '', uploads = '' }): Server {
  const begun = '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';
  return createServer((request, response) => {
    const isBegin = request.url?.endsWith('uploads=') === true;
    response.setHeader('etag', '"part"');
    request.resume().once('end', () => {
      if (request.method === 'POST') response.end(isBegin ? begun : completed);
      else if (request.method === 'GET') response.end(uploads);
      else response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
    });
  });
}

/** Slower than parts come. */
const slowParts = ({ query }: FaultRequest) => (query.has('partNumber') ? 400 : 0);

/** Answers 500 to the first so many requests of a kind. */
function failing(isMeant: (request: FaultRequest) => boolean, times: number) {
  let left = times;
  return (request: FaultRequest) => {
    if (left === 0 || !isMeant(request)) return undefined;
    left -= 1;
    return { kind: 'answer', status: 500 } as const;
  };
}

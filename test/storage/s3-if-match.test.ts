import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { isAws } from '../../src/storage/s3/address.ts';
import { created, listening, putText, servedStore, storeAt } from './s3-support.ts';

/** A server that takes an ETag in `If-Match` with its quotes only, as HTTP has it. */
async function strictServer(
  before: (key: string, tag: string | undefined) => Promise<void> = async () => {},
): Promise<{ port: number; tags: (string | undefined)[] }> {
  const tags: (string | undefined)[] = [];
  let version = 1;
  const server = createServer((request, response) => {
    request.resume().once('end', async () => {
      await before(request.url ?? '', request.headers['if-match']);
      if (request.method === 'GET') return response.writeHead(200, { etag: `"v${version}"` }).end();
      const tag = request.headers['if-match'];
      tags.push(tag);
      if (tag !== `"v${version}"`) return response.writeHead(412).end();
      version += 1;
      return response.writeHead(200, { etag: `"v${version}"` }).end();
    });
  });
  return { port: await listening(server), tags };
}

test.each([
  [undefined, true],
  ['https://s3.dualstack.eu-west-1.amazonaws.com', true],
  ['https://bucket.vpce-1-a.s3.cn-north-1.vpce.amazonaws.com.cn', true],
  ['http://127.0.0.1:9000', false],
  ['https://amazonaws.com.example.org', false],
] as const)('%s is AWS, which wants quotes: %s', (endpoint, wanted) => {
  expect(isAws(endpoint)).toBe(wanted);
});

describe('the quotes of If-Match, when nobody said and nobody probed', () => {
  test('are learnt from a refusal of what is still the current version', async () => {
    const { port, tags } = await strictServer();
    const store = storeAt(port);
    expect(await putText(store, 'x', { ifMatch: '"v1"' })).toEqual({ kind: 'conflict', reason: 'changed' });
    await store.get('k');
    expect(await putText(store, 'x', { ifMatch: '"v1"' })).toMatchObject({ kind: 'stored', version: '"v2"' });
    expect(await putText(store, 'x', { ifMatch: '"v2"' })).toMatchObject({ kind: 'stored', version: '"v3"' });
    expect(tags).toEqual(['v1', '"v1"', '"v2"']);
  });

  test('stay as they are when the object has changed', async () => {
    const { server, store } = await servedStore();
    const first = await created(store);
    const second = await putText(store, 'second', { ifMatch: first });
    if (second.kind !== 'stored') throw new Error(second.kind);
    await putText(store, 'late', { ifMatch: first });
    await store.get('k');
    await store.get('k', { ifNoneMatch: second.version });
    await putText(store, 'third', { ifMatch: second.version });
    expect(server.requests.of('PutObject').at(-1)?.headers['if-match']).toBe(second.version.slice(1, -1));
  });

  test('stay as they are when a read that began before the refusal finds the version', async () => {
    const { port, tags } = await strictServer();
    const store = storeAt(port);
    const early = store.get('k');
    await putText(store, 'x', { ifMatch: '"v1"' });
    await early;
    await putText(store, 'x', { ifMatch: '"v1"' });
    expect(tags).toEqual(['v1', 'v1']);
  });

  test('stay as they were learnt when a swap that was sent before is refused', async () => {
    let open = () => {};
    const opened = new Promise<void>(resolve => {
      open = resolve;
    });
    const { port, tags } = await strictServer(async (key, tag) => {
      if (tag !== undefined && key.includes('slow')) await opened;
    });
    const store = storeAt(port);
    const condition = { ifMatch: '"v1"' };
    const slow = store.put('slow', [Buffer.from('x')], condition);
    await putText(store, 'x', condition);
    await store.get('k');
    open();
    expect(await slow).toEqual({ kind: 'conflict', reason: 'changed' });
    await store.get('slow');
    expect(await putText(store, 'x', condition)).toMatchObject({ kind: 'stored' });
    expect(tags).toEqual(['v1', 'v1', '"v1"']);
  });

  test('stay as they are when they were set', async () => {
    const { port, tags } = await strictServer();
    const store = storeAt(port, { ifMatch: 'bare' });
    for (let round = 0; round < 3; round += 1) {
      await putText(store, 'x', { ifMatch: '"v1"' });
      await store.get('k');
    }
    expect(tags).toEqual(['v1', 'v1', 'v1']);
  });
});

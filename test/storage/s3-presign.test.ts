import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createS3ByteStore } from '../../src/storage/s3/s3.ts';
import { textOf } from '../contract/byte-store-values.ts';
import { putText, refusalOf, s3Store, servedStore } from './s3-support.ts';

interface Answer {
  status: number;
  text: string;
  type: string | undefined;
  disposition: string | undefined;
}

function send(method: string, url: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false }, answer => {
      const chunks: Buffer[] = [];
      answer
        .on('data', chunk => chunks.push(chunk))
        .once('end', () => {
          const { 'content-type': type, 'content-disposition': disposition } = answer.headers;
          resolve({
            status: answer.statusCode ?? 0,
            text: Buffer.concat(chunks).toString(),
            type,
            disposition,
          });
        });
    });
    call.once('error', reject).end(body);
  });
}

describe('a presigned PUT', () => {
  test('writes what was agreed on', async () => {
    const { store } = await servedStore();
    const { url, headers } = await store.presign({
      method: 'PUT',
      key: 'p/a+b',
      expiresInSeconds: 60,
      contentType: 'image/png',
      sizeBytes: 5,
    });
    expect(headers).toEqual({ 'content-type': 'image/png', 'content-length': '5' });
    expect(await send('PUT', url, headers, 'hello')).toMatchObject({ status: 200 });
    expect(await textOf(store, 'p/a+b')).toBe('hello');
  });

  test.each([
    [{ 'content-type': 'image/png', 'content-length': '6' }, 'hello!'],
    [{ 'content-type': 'text/html', 'content-length': '5' }, 'hello'],
    [{ 'content-length': '5' }, 'hello'],
  ])('writes nothing else: %j', async (headers, body) => {
    const { store } = await servedStore();
    const agreed = { method: 'PUT', expiresInSeconds: 60, contentType: 'image/png', sizeBytes: 5 } as const;
    const { url } = await store.presign({ ...agreed, key: 'k' });
    expect(await send('PUT', url, headers as Record<string, string>, body)).toMatchObject({ status: 403 });
    expect(await textOf(store, 'k')).toBeUndefined();
  });
});

describe('a presigned GET', () => {
  test('is answered with the headers that were agreed on', async () => {
    const { store } = await servedStore();
    await putText(store, 'hello', { immutable: true });
    const { url } = await store.presign({
      method: 'GET',
      key: 'k',
      expiresInSeconds: 60,
      contentType: 'text/plain',
      disposition: 'attachment; filename="a b.txt"',
    });
    expect(await send('GET', url)).toEqual({
      status: 200,
      text: 'hello',
      type: 'text/plain',
      disposition: 'attachment; filename="a b.txt"',
    });
    expect(await send('PUT', url, {}, 'x')).toMatchObject({ status: 403 });
  });

  test('ends when it said', async () => {
    const { server, store } = await servedStore();
    await putText(store, 'hello', { immutable: true });
    const { url, expiresAtMs } = await store.presign({ method: 'GET', key: 'k', expiresInSeconds: 60 });
    server.switches.now = () => expiresAtMs - 2000;
    expect(await send('GET', url)).toMatchObject({ status: 200 });
    server.switches.now = () => expiresAtMs + 2000;
    expect(await send('GET', url)).toMatchObject({ status: 403 });
  });

  test.each([0, -1, 1.5, 604_801, Number.NaN])('cannot be for %d seconds', async expiresInSeconds => {
    const { store } = await servedStore();
    const { code } = await refusalOf(store.presign({ method: 'GET', key: 'k', expiresInSeconds }));
    expect(code).toBe('storage_failed');
  });
});

describe('the address of an object', () => {
  const rest = {
    bucket: 'wikis',
    region: 'eu-central-1',
    variables: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  test.each([
    [{}, 'https://wikis.s3.eu-central-1.amazonaws.com/k'],
    [{ bucket: 'my.wikis' }, 'https://s3.eu-central-1.amazonaws.com/my.wikis/k'],
    [{ addressing: 'path' }, 'https://s3.eu-central-1.amazonaws.com/wikis/k'],
    [{ region: 'cn-north-1' }, 'https://wikis.s3.cn-north-1.amazonaws.com.cn/k'],
    [{ prefix: 'a/b' }, 'https://wikis.s3.eu-central-1.amazonaws.com/a/b/k'],
    [{ endpoint: 'http://localhost:9000' }, 'http://localhost:9000/wikis/k'],
    [{ endpoint: 'http://localhost:9000/s3/' }, 'http://localhost:9000/s3/wikis/k'],
    [{ endpoint: 'http://localhost:9000', addressing: 'virtual' }, 'http://wikis.localhost:9000/k'],
  ] as const)('with %j', async (options, url) => {
    const store = createS3ByteStore({ ...rest, ...options });
    const signed = await store.presign({ method: 'GET', key: 'k', expiresInSeconds: 60 });
    expect(signed.url.split('?')[0]).toBe(url);
  });

  test('may be a host of the bucket', async () => {
    const { server } = await servedStore();
    const store = s3Store(server, { prefix: '' });
    await putText(store, 'hello', { immutable: true });
    const named = {
      endpoint: server.endpoint.replace('127.0.0.1', 'localhost'),
      addressing: 'virtual',
    } as const;
    const { url } = await s3Store(server, { prefix: '', ...named }).presign({
      method: 'GET',
      key: 'k',
      expiresInSeconds: 60,
    });
    const { host } = new URL(url);
    expect(host).toBe(`wikis.localhost:${server.port}`);
    expect(await send('GET', url.replace(host, `127.0.0.1:${server.port}`), { host })).toMatchObject({
      status: 200,
      text: 'hello',
    });
  });
});

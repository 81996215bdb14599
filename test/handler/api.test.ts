import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { buffered, createApi } from '../../src/handler/api.ts';
import { requestOf, resultOf } from '../../src/handler/event.ts';
import { createService } from '../../src/lazy/app.ts';

const FUNCTION_URL = 'abc.lambda-url.eu-central-1.on.aws';
const HTTP_API = 'abc.execute-api.eu-central-1.amazonaws.com';

interface Wanted {
  method?: string;
  path?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: string;
  base64?: boolean;
  domain?: string;
  stage?: string;
}

function eventOf(wanted: Wanted): APIGatewayProxyEventV2 {
  const { method = 'GET', path = '/', query = '', headers = {}, body, base64 = false } = wanted;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers,
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abc',
      domainName: wanted.domain ?? FUNCTION_URL,
      domainPrefix: 'abc',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'id',
      routeKey: '$default',
      stage: wanted.stage ?? '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: base64,
  };
}

describe('requestOf', () => {
  test('a function URL delivers the path as it was sent', () => {
    const { path, query } = requestOf(eventOf({ path: '/api/v1/pages/a%20b%2Fc', query: 'q=a%20b c' }), 0);
    expect([path, query]).toEqual(['/api/v1/pages/a%20b%2Fc', 'q=a%20b+c']);
  });

  test('an HTTP API delivers it decoded: it is encoded again', () => {
    const { path } = requestOf(eventOf({ domain: HTTP_API, path: '/api/v1/pages/100% ü?/x' }), 0);
    expect(path).toBe('/api/v1/pages/100%25%20%C3%BC%3F/x');
  });

  test('the stage of an HTTP API is no part of the path', () => {
    const at = (path: string) => requestOf(eventOf({ domain: HTTP_API, stage: 'prod', path }), 0).path;
    expect([at('/prod/api/v1/health'), at('/api/v1/health'), at('/prod')]).toEqual([
      '/api/v1/health',
      '/api/v1/health',
      '',
    ]);
  });

  test('a body comes as text or in base64; its announced length is that of the wire', async () => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': '999999999' };
    const text = requestOf(eventOf({ method: 'PUT', body: '{"ü":1}', headers }), 7);
    expect(text).toMatchObject({ method: 'PUT', body: Buffer.from('{"ü":1}'), deadlineMs: 7 });
    expect(text.headers).toEqual({ 'content-type': 'application/json' });
    const bytes = Buffer.from([0, 255, 10]);
    const encoded = requestOf(eventOf({ body: bytes.toString('base64'), base64: true }), 0);
    expect(encoded.body).toEqual(bytes);
  });
});

describe('resultOf', () => {
  test('text as it is, bytes and streams in base64', async () => {
    const headers = { 'x-y': 'z', 'content-length': '3' };
    expect(await resultOf({ status: 201, headers: { ...headers }, body: 'ü' })).toEqual({
      statusCode: 201,
      headers: { 'x-y': 'z' },
      body: 'ü',
    });
    const bytes = Buffer.from([0, 255]);
    const encoded = { body: 'AP8=', isBase64Encoded: true };
    expect(await resultOf({ status: 200, headers: {}, body: bytes })).toMatchObject(encoded);
    const stream = (async function* () {
      yield bytes.subarray(0, 1);
      yield bytes.subarray(1);
    })();
    expect(await resultOf({ status: 200, headers: {}, body: stream })).toMatchObject(encoded);
  });

  test('what the platform cannot send is refused, a stream without being read where it says how long it is', async () => {
    const size = 4_500_000;
    let read = 0;
    async function* stream() {
      for (; read < size; read += 100_000) yield Buffer.alloc(100_000);
    }
    const headers = () => ({ 'content-type': 'image/png', 'content-length': String(size), etag: '"x"' });
    const large = { statusCode: 422, headers: { 'content-type': 'application/json' } };
    expect(await resultOf({ status: 200, headers: headers(), body: stream() })).toMatchObject(large);
    expect(read).toBe(0);
    expect(await resultOf({ status: 200, headers: {}, body: stream() })).toMatchObject(large);
    expect(read).toBeLessThan(size);
    const text = { status: 200, headers: {}, body: '\n'.repeat(3_000_000) };
    const { body } = await resultOf(text);
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'answer_too_large' });
    expect((await resultOf({ ...text, body: 'x'.repeat(3_000_000) })).statusCode).toBe(200);
  });
});

describe('the API function', () => {
  async function open(env: Record<string, string> = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'kittiwake-handler-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const all: Record<string, string> = { KITTIWAKE_DATA: folder, KITTIWAKE_API_KEY: 'k', ...env };
    const lines: Record<string, unknown>[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line));
    const handler = buffered(createApi({ env: all, runtime: systemRuntime, write }));
    const send = (wanted: Wanted) =>
      handler(eventOf({ ...wanted, headers: { authorization: 'Bearer k', ...wanted.headers } }), {
        getRemainingTimeInMillis: () => 10_000,
      });
    return { send, lines, all };
  }

  async function createWiki(env: Record<string, string>) {
    const { config, secrets } = readConfig({ env });
    const log = createLogger({ write: () => {}, now: Date.now });
    await createService({ config, secrets, runtime: systemRuntime, log }).createWiki();
  }

  test('serves the API', async () => {
    const { send, all } = await open();
    await createWiki(all);
    const headers = { 'content-type': 'application/json' };
    const put = await send({ method: 'PUT', path: '/api/v1/pages/%C3%BC', headers, body: '{"content":"x"}' });
    expect([put.statusCode, JSON.parse(put.body ?? '').path]).toEqual([201, 'Ü']);
    const get = await send({ path: '/api/v1/pages/ü', domain: HTTP_API });
    expect(JSON.parse(get.body ?? '').content).toBe('x');
    expect(get.headers).toMatchObject({ 'content-type': 'application/json', etag: expect.any(String) });
  });

  test('creates no wiki by itself', async () => {
    const { send } = await open();
    const answer = await send({ path: '/api/v1/pages/a' });
    expect([answer.statusCode, JSON.parse(answer.body ?? '').code]).toEqual([503, 'wiki_absent']);
  });

  test('with a wrong setting says in the log which, and starts when it is right', async () => {
    const { send, lines, all } = await open({ KITTIWAKE_PORT: 'x' });
    const answer = await send({ path: '/api/v1/health' });
    expect([answer.statusCode, JSON.parse(answer.body ?? '').code]).toEqual([500, 'internal']);
    expect(lines).toMatchObject([
      { event: 'start_failed', code: 'config_invalid', message: expect.stringContaining('KITTIWAKE_PORT') },
    ]);
    all.KITTIWAKE_PORT = '1';
    expect((await send({ path: '/api/v1/health' })).statusCode).toBe(200);
  });

  test('with a wrong setting counts its failures where metrics are wanted', async () => {
    const env = { KITTIWAKE_PORT: 'x', KITTIWAKE_METRICS: 'emf', KITTIWAKE_WIKI: 'a'.repeat(32) };
    const { send, lines } = await open(env);
    await send({ path: '/api/v1/health' });
    const counted = { Wiki: 'a'.repeat(32), Function: 'api', Requests: 1, ServerErrors: 1 };
    expect(lines).toMatchObject([{ event: 'start_failed', _aws: expect.anything(), ...counted }]);
  });

  test('takes the hash of the key in its place', async () => {
    const hash = createHash('sha256').update('k').digest('hex');
    const { send, all } = await open({ KITTIWAKE_API_KEY: '', KITTIWAKE_API_KEY_SHA256: hash });
    await createWiki(all);
    const wrong = await send({ path: '/api/v1/pages', headers: { authorization: `Bearer ${hash}` } });
    expect([(await send({ path: '/api/v1/pages' })).statusCode, wrong.statusCode]).toEqual([200, 401]);
  });

  test('with something in front answers only what came that way', async () => {
    const { send } = await open({ KITTIWAKE_ORIGIN_SECRET: 's', KITTIWAKE_ORIGIN_SECRET_PREVIOUS: 'r' });
    const at = async (headers: Record<string, string>) => {
      const { statusCode, body = '' } = await send({ path: '/api/v1/health', headers });
      return [statusCode, JSON.parse(body).code];
    };
    expect(await at({ 'x-kittiwake-origin': 's' })).toEqual([200, undefined]);
    expect(await at({ 'x-kittiwake-origin': 'r' })).toEqual([200, undefined]);
    expect(await at({ 'x-kittiwake-origin': 't' })).toEqual([403, 'origin_refused']);
    expect(await at({})).toEqual([403, 'origin_refused']);
  });

  test('believes no headers of a proxy without a secret', async () => {
    const proxied = { KITTIWAKE_AUTH_METHOD: 'PROXY_HEADER' };
    const headers = {
      authorization: '',
      'x-otterwiki-name': 'Eve',
      'x-otterwiki-email': 'eve@example.org',
      'x-otterwiki-permissions': 'READ ADMIN',
    };
    const bare = await open(proxied);
    await createWiki(bare.all);
    expect((await bare.send({ path: '/api/v1/pages', headers })).statusCode).toBe(401);
    const fronted = await open({ ...proxied, KITTIWAKE_ORIGIN_SECRET: 's' });
    await createWiki(fronted.all);
    const secret = { ...headers, 'x-kittiwake-origin': 's' };
    expect((await fronted.send({ path: '/api/v1/pages', headers: secret })).statusCode).toBe(200);
  });

  test('warns of variables that mean nothing', async () => {
    const { send, lines } = await open({ KITTIWAKE_PROT: '1' });
    await send({ path: '/api/v1/health' });
    await vi.waitFor(() =>
      expect(lines.find(({ event }) => event === 'config')).toMatchObject({
        level: 'warn',
        text: expect.stringContaining('KITTIWAKE_PROT'),
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import { json } from '../../src/http/message.ts';
import type { Handler } from '../../src/http/route.ts';
import { KEY, setUp } from './routed-app.ts';

const ok: Handler = ({ params, query }) => json(200, { name: params.name, query: [...query] });

async function* chunks(...sizes: number[]) {
  for (const size of sizes) yield Buffer.alloc(size, 'x');
}

describe('createApp', () => {
  test('gives the handler decoded parameters and query', async () => {
    const { send } = setUp(ok);
    const { status, value, body } = await send({ path: '/things/a%20b/c', query: 'x=1' });
    expect([status, value]).toEqual([200, { name: 'a b/c', query: [['x', '1']] }]);
    expect(String(body)).toMatch(/\}\n$/);
  });

  test('answers JSON with security headers to everything', async () => {
    const { send } = setUp(ok);
    for (const path of ['/things/x', '/open', '/nowhere', '/things/%']) {
      const { headers } = await send({ path });
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
    }
  });

  test('finds nothing without authentication where no route is', async () => {
    const { send } = setUp(ok);
    const { status, value } = await send({ path: '/nowhere', headers: { authorization: '' } });
    expect([status, value.code]).toEqual([404, 'route_not_found']);
  });

  test('loads further routes once, for the first path that the first ones do not have', async () => {
    let loads = 0;
    const { send } = setUp(ok, { loadsRoutes: () => (loads += 1) });
    const ask = async (path: string) => [(await send({ path })).status, loads];
    expect(await ask('/things/x')).toEqual([200, 0]);
    expect(await ask('/others')).toEqual([200, 1]);
    expect(await ask('/nowhere')).toEqual([404, 1]);
    expect(await send({ method: 'PUT', path: '/others' })).toMatchObject({ status: 405 });
  });

  test('names the methods of a path that does not have the one asked for', async () => {
    const { send } = setUp(ok);
    const { status, headers, value } = await send({ method: 'PUT' });
    expect([status, headers.allow, value.code]).toEqual([405, 'GET, HEAD, POST', 'method_not_allowed']);
  });

  test.each([
    [undefined, 'Missing or invalid Authorization header'],
    ['', 'Missing or invalid Authorization header'],
    [KEY, 'Missing or invalid Authorization header'],
    [`bearer ${KEY}`, 'Missing or invalid Authorization header'],
    [`Bearer${KEY}`, 'Missing or invalid Authorization header'],
    [`Basic ${KEY}`, 'Missing or invalid Authorization header'],
    ['Bearer ', 'Invalid API key'],
    [`Bearer  ${KEY}`, 'Invalid API key'],
    [`Bearer ${KEY} `, 'Invalid API key'],
    [`Bearer ${KEY}x`, 'Invalid API key'],
    ['Bearer ключ', 'Invalid API key'],
  ])('refuses the Authorization header %j', async (authorization, error) => {
    const { send } = setUp(ok);
    const headers = authorization === undefined ? { authorization: '' } : { authorization };
    const response = await send({ headers });
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer');
    expect(response.value).toMatchObject({ error });
  });

  test('authenticates before it looks at the URL and the body', async () => {
    const { send } = setUp(ok);
    const { status } = await send({ path: '/things/%', query: '%', headers: { authorization: 'Bearer no' } });
    expect(status).toBe(401);
  });

  test.each([undefined, ''])('says that there is no key when it is %j', async key => {
    const { send } = setUp(ok, { ...(key === undefined ? { key: undefined as never } : { key }) });
    const { status, value } = await send({ headers: { authorization: 'Bearer ' } });
    expect([status, value.error]).toEqual([500, 'API key not configured on server']);
  });

  test('refuses broken escapes and invalid UTF-8', async () => {
    const { send } = setUp(ok);
    expect((await send({ path: '/things/%ff' })).value.code).toBe('path_invalid');
    expect((await send({ query: 'x=%ff' })).value.code).toBe('query_invalid');
  });

  test('answers HEAD like GET, without the body', async () => {
    const { send } = setUp(ok);
    const get = await send({});
    const head = await send({ method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.body).toBe('');
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(String(get.body))));
  });

  test('loads the handler of a route once', async () => {
    let loads = 0;
    const { send } = setUp(ok, { loads: () => loads++ });
    expect(loads).toBe(0);
    await send({});
    await send({});
    expect(loads).toBe(1);
  });

  test('tries again to load a handler that failed to load', async () => {
    let loads = 0;
    const { send } = setUp(ok, {
      loads: () => {
        loads++;
        if (loads === 1) throw new Error('disk error');
      },
    });
    expect((await send({})).status).toBe(500);
    expect((await send({})).status).toBe(200);
  });

  test('limits the body that announces its length without reading it', async () => {
    const { send } = setUp(async ({ body }) => json(200, { bytes: (await body()).length }));
    const body = {
      [Symbol.asyncIterator]: () => {
        throw new Error('read');
      },
    };
    const { status, value } = await send({ method: 'POST', body, headers: { 'content-length': '11' } });
    expect(status).toBe(413);
    expect(value).toEqual({
      error: 'Request body is too large: the limit is 10 bytes',
      code: 'body_too_large',
    });
  });

  test('limits the body that is streamed', async () => {
    const { send } = setUp(async ({ body }) => json(200, { bytes: (await body()).length }));
    expect((await send({ method: 'POST', body: chunks(5, 5) })).value).toEqual({ bytes: 10 });
    expect((await send({ method: 'POST', body: chunks(5, 6) })).status).toBe(413);
    expect((await send({ method: 'POST', body: Buffer.alloc(11) })).status).toBe(413);
  });

  test('shows timings to known callers only', async () => {
    const { send } = setUp(ok);
    expect((await send({})).headers['server-timing']).toBe('init-wiki;dur=1.23, store;desc="1 GET"');
    expect((await send({ path: '/open' })).headers['server-timing']).toBeUndefined();
    expect(
      (await send({ headers: { authorization: 'Bearer no' } })).headers['server-timing'],
    ).toBeUndefined();
  });
});

describe('errors', () => {
  test('tell nobody but the log what went wrong inside', async () => {
    const { send, lines } = setUp(() => {
      throw new TypeError('secret content of a page');
    });
    const { status, value } = await send({});
    expect(status).toBe(500);
    expect(value).toEqual({
      error: 'Internal error',
      code: 'internal',
      request_id: expect.stringMatching(/^\w{32}$/),
    });
    const line = lines.find(({ level }) => level === 'error');
    expect(line).toMatchObject({ event: 'request_failed', code: 'internal', request: value.request_id });
    expect(line).toMatchObject({
      cause: { name: 'TypeError', stack: expect.arrayContaining([expect.stringContaining('app.test.ts')]) },
    });
    expect(JSON.stringify(lines)).not.toContain('secret content');
  });

  test('name the broken file in the log and not in the answer', async () => {
    const { send, lines } = setUp(() => {
      throw new KittiwakeError('storage_denied', 'Reading "ledger/1" failed: "/srv/x" is not readable');
    });
    const { value } = await send({});
    expect(value.code).toBe('internal');
    expect(JSON.stringify(value)).not.toContain('/srv');
    expect(JSON.stringify(lines)).toContain('/srv/x');
  });

  test('say when to come again', async () => {
    const { send } = setUp(() => {
      throw new KittiwakeError('contention', 'Writing "k": gave up', {
        data: { retryAfterMs: 1200, key: 'k' },
      });
    });
    const { status, headers, value } = await send({});
    expect([status, headers['retry-after']]).toEqual([503, '2']);
    expect(value).toEqual({ error: 'The wiki is busy: nothing was written, try again', code: 'contention' });
  });
});

describe('the log', () => {
  test('tells who was refused what, without the path', async () => {
    const { send, lines } = setUp(async () => {
      throw new KittiwakeError('forbidden', 'Changing "Secret/Plan": not allowed', {
        data: { needed: 'write' },
      });
    });
    expect((await send({ path: '/things/secret' })).status).toBe(403);
    const denied = lines.filter(({ event }) => event === 'denied');
    expect(denied).toEqual([
      {
        ...{ time: expect.any(String), level: 'info', event: 'denied', request: expect.any(String) },
        ...{ principal: 'api-key', operation: 'thing', needed: 'write' },
        path: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/secret/i);
  });

  test('has one line a request, with the path hashed and without the key', async () => {
    const { send, lines } = setUp(ok);
    await send({ path: '/things/secret-page', query: 'q=secret-query' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      event: 'request',
      route: 'thing',
      status: 200,
      path: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(JSON.stringify(lines)).not.toMatch(/secret|a-key/);
  });

  test('has the code of a refusal', async () => {
    const { send, lines } = setUp(ok);
    await send({ path: '/nowhere' });
    expect(lines[0]).toMatchObject({ route: 'absent', status: 404, code: 'route_not_found' });
  });
});

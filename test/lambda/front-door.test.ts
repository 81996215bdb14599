import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { frontDoorForTest, functionOf } from '../support/lambda/for-test.ts';
import type { FrontDoorOptions } from '../support/lambda/front-door.ts';

const ECHO = 'export const handler = async event => ({ statusCode: 200, body: JSON.stringify(event) });';

/** A front door of a function with this source. */
function doorOf(source: string, options: FrontDoorOptions & { reservedConcurrency?: number } = {}) {
  return frontDoorForTest(functionOf(source), options);
}

/** A front door of a function that answers `one`, and goes on once the file whose path was asked for is there. */
async function stepDoor(then: string) {
  const definition = functionOf(`import { existsSync } from 'node:fs';
    export const handler = awslambda.streamifyResponse(async (event, stream) => {
      const head = { statusCode: 203, headers: { 'content-type': 'text/plain' }, cookies: ['a=1'] };
      const http = awslambda.HttpResponseStream.from(stream, head);
      http.write('one');
      while (!existsSync(event.rawPath)) await new Promise(resolve => setTimeout(resolve, 5));
      ${then}
    });`);
  return { ...(await frontDoorForTest(definition)), path: join(definition.taskRoot, 'go') };
}

/** A request with the path as it is written here, which `fetch` would change. */
function rawRequest(url: string, path: string, headers: Record<string, string | string[]> = {}) {
  // biome-ignore lint/suspicious/noExplicitAny: an event of either kind
  return new Promise<any>((resolve, reject) => {
    const sent = request(url, { path, headers }, async response => {
      resolve(JSON.parse(Buffer.concat(await response.toArray()).toString()));
    });
    sent.on('error', reject).end();
  });
}

describe('an event', () => {
  test('of a function URL has the path as it was sent and every header once', async () => {
    const { url } = await doorOf(ECHO);
    const path = '/a%20b/%2e%2E/ü?q=a+b&q=c%20d&empty=';
    const headers = { 'X-Two': ['1', '2'], cookie: 'a=1; b=2', host: 'wiki.example.org' };
    const event = await rawRequest(url, encodeURI('/').concat(path.slice(1).replace('ü', '%C3%BC')), headers);
    expect(event).toMatchObject({
      version: '2.0',
      rawPath: '/a%20b/%2e%2E/%C3%BC',
      rawQueryString: 'q=a b&q=c%20d&empty=',
      queryStringParameters: { q: 'a b,c d', empty: '' },
      cookies: ['a=1', 'b=2'],
      headers: { 'x-two': '1,2', 'x-forwarded-proto': 'https' },
      requestContext: {
        accountId: 'anonymous',
        stage: '$default',
        http: { method: 'GET', path: '/a%20b/%2e%2E/%C3%BC', sourceIp: '127.0.0.1' },
      },
      isBase64Encoded: false,
    });
    expect(event.headers.host).toMatch(/\.lambda-url\.eu-central-1\.on\.aws$/);
    expect(Object.keys(event.headers)).not.toContain('cookie');
    expect(event).not.toHaveProperty('body');
  });

  test('of an HTTP API has the path decoded', async () => {
    const { url } = await doorOf(ECHO, { kind: 'http-api' });
    const event = await rawRequest(url, '/a%20b/%C3%BC?q=a+b');
    expect(event).toMatchObject({ rawPath: '/a b/ü', rawQueryString: 'q=a+b' });
    expect(event.requestContext.domainName).toMatch(/\.execute-api\./);
    expect((await rawRequest(url, '/100%')).rawPath).toBe('/100%');
  });

  test('has text as it is and everything else in base64', async () => {
    const { url } = await doorOf(ECHO);
    const send = async (type: string | undefined, more: Record<string, string> = {}) => {
      const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...more };
      const response = await fetch(url, { method: 'PUT', body: Buffer.from('ä'), headers });
      const event = JSON.parse(await response.text());
      return [event.body, event.isBase64Encoded];
    };
    for (const type of ['text/markdown', 'application/json; charset=utf-8', 'Application/XML']) {
      expect(await send(type), type).toEqual(['ä', false]);
    }
    for (const type of [undefined, 'image/png', 'application/x-www-form-urlencoded']) {
      expect(await send(type), type).toEqual(['w6Q=', true]);
    }
    expect(await send('text/plain', { 'content-encoding': 'gzip' })).toEqual(['w6Q=', true]);
  });
});

describe('an answer', () => {
  test('has status, headers, cookies and bytes', async () => {
    const { url } = await doorOf(
      `export const handler = async () => ({
        statusCode: 401,
        headers: { 'WWW-Authenticate': 'Bearer', 'Content-Type': 'image/png' },
        cookies: ['a=1; Secure', 'b=2'],
        body: 'AP8=',
        isBase64Encoded: true,
      });`,
    );
    const response = await fetch(url);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Secure', 'b=2']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 255]));
  });

  test('without a status is a body of JSON; one without a body is empty', async () => {
    const { url } = await doorOf(
      "export const handler = async event => event.rawPath === '/' ? { a: 1 } : { statusCode: 204 };",
    );
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
      200,
      'application/json',
      { a: 1 },
    ]);
    expect((await fetch(`${url}/empty`)).status).toBe(204);
  });

  test('is streamed: the first part arrives while the function runs on', async () => {
    const { url, path } = await stepDoor(`http.write('two');
      http.end();`);
    const response = await fetch(url + path);
    expect([response.status, response.headers.get('content-type'), response.headers.getSetCookie()]).toEqual([
      203,
      'text/plain',
      ['a=1'],
    ]);
    const parts: string[] = [];
    for await (const part of response.body ?? []) {
      parts.push(Buffer.from(part).toString());
      writeFileSync(path, '');
    }
    expect(parts).toEqual(['one', 'two']);
  });

  test('that breaks off breaks the connection off', async () => {
    const { url, path } = await stepDoor(`throw new Error('broken off');`);
    const response = await fetch(url + path);
    expect(response.status).toBe(203);
    writeFileSync(path, '');
    await expect(response.text()).rejects.toThrow();
  });

  test('goes on without the client, and the environment is free again', async () => {
    const { url, pool } = await doorOf(
      `let served = 0;
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        const http = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });
        if (event.rawPath === '/served') {
          http.write(String(served));
        } else {
          for (let n = 0; n < 20; n += 1) {
            if (!http.write(Buffer.alloc(1_000_000))) await new Promise(resolve => http.once('drain', resolve));
          }
          served += 1;
        }
        http.end();
      });`,
      { reservedConcurrency: 1 },
    );
    const leaving = new AbortController();
    const response = await fetch(url, { signal: leaving.signal });
    expect(response.status).toBe(200);
    leaving.abort();
    await vi.waitFor(() => expect(pool.environments[0]?.isBusy).toBe(false), 10_000);
    expect(await (await fetch(`${url}/served`)).text()).toBe('1');
  });
});

describe('a refusal', () => {
  test('is 502 for a failed function and for what is no answer; an HTTP API says 500', async () => {
    const source = `export const handler = async event => {
      if (event.rawPath === '/throw') throw new Error('no');
      return { statusCode: 'many' };
    };`;
    const { url } = await doorOf(source);
    for (const path of ['/throw', '/many']) {
      const response = await fetch(url + path);
      expect([response.status, await response.json()]).toEqual([502, { message: 'Internal Server Error' }]);
    }
    const { url: api } = await doorOf(source, { kind: 'http-api' });
    expect((await fetch(`${api}/throw`)).status).toBe(500);
  });

  test('is 413 for what does not fit into an event, base64 included', async () => {
    const { url } = await doorOf('export const handler = async event => String(event.body.length);');
    const send = async (bytes: number, type: string) => {
      const headers = { 'content-type': type };
      return (await fetch(url, { method: 'PUT', body: Buffer.alloc(bytes, 'a'), headers })).status;
    };
    expect(await send(5_000_000, 'text/plain')).toBe(200);
    expect(await send(5_000_000, 'image/png')).toBe(413);
    expect(await send(7_000_000, 'text/plain')).toBe(413);
  });

  test('is 429 while all environments are busy', async () => {
    const { url, pool } = await doorOf(
      `export const handler = async event => {
        await new Promise(resolve => setTimeout(resolve, event.rawPath === '/slow' ? 1000 : 0));
        return 'done';
      };`,
      { reservedConcurrency: 2 },
    );
    const slow = [fetch(`${url}/slow`), fetch(`${url}/slow`)];
    await vi.waitFor(() => expect(pool.environments.filter(({ isBusy }) => isBusy)).toHaveLength(2));
    const third = await fetch(url);
    expect([third.status, await third.json()]).toEqual([429, { message: 'Rate Exceeded' }]);
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await fetch(url)).status).toBe(200);
    expect(pool.environments).toHaveLength(2);
  });

  test('is 503 and 431 of an HTTP API: it waits a while only, and takes few headers', async () => {
    const { url } = await doorOf(
      'export const handler = () => new Promise(resolve => setTimeout(resolve, 60_000));',
      {
        kind: 'http-api',
        timeoutMs: 200,
      },
    );
    const response = await fetch(url);
    expect([response.status, await response.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    expect((await fetch(url, { headers: { 'x-long': 'a'.repeat(10_240) } })).status).toBe(431);
  });
});

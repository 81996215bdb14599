import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { startServer } from '../../src/http/server.ts';
import { KEY, openManyWikis } from './many-wikis.ts';

/** Sends a request as it stands and resolves with status and body of the answer. */
async function raw(port: number, head: string): Promise<[number, string]> {
  const answer = await new Promise<string>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(head));
    socket.on('data', chunk => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
  return [Number(answer.split(' ')[1]), answer.slice(answer.indexOf('\r\n\r\n') + 4)];
}

async function serve(env: Record<string, string> = {}) {
  const { service, create, call } = await openManyWikis({ env });
  await create('anna', 'of Anna');
  await create('bert', 'of Bert');
  const { app } = service;
  const server = await startServer({
    app,
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 10_000,
    runtime: systemRuntime,
  });
  onTestFinished(() => server.close(0));
  const get = (target: string, ...headers: string[]) => {
    const all = [...headers, `Authorization: Bearer ${KEY}`, 'Connection: close'];
    return raw(server.port, `GET ${target} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n`);
  };
  return { get, call };
}

const PAGE = '/api/v1/pages/Home';

test('the host of a request names its wiki', async () => {
  const { get } = await serve();
  expect(await get(PAGE, 'Host: anna.wiki.example.org')).toEqual([200, expect.stringContaining('of Anna')]);
  expect(await get(PAGE, 'host: BERT.wiki.example.org:80')).toEqual([
    200,
    expect.stringContaining('of Bert'),
  ]);
});

test('two hosts are refused, whichever comes first', async () => {
  const { get } = await serve();
  const hosts = ['Host: anna.wiki.example.org', 'Host: bert.wiki.example.org'];
  expect((await get(PAGE, ...hosts))[0]).toBe(400);
  expect((await get(PAGE, ...hosts.toReversed()))[0]).toBe(400);
  expect((await get(PAGE, 'Host: anna.wiki.example.org', 'hOsT: anna.wiki.example.org'))[0]).toBe(400);
});

test('an absolute URL names the wiki, whatever the host', async () => {
  const { get } = await serve();
  const target = `http://bert.wiki.example.org${PAGE}`;
  expect(await get(target, 'Host: anna.wiki.example.org')).toEqual([200, expect.stringContaining('of Bert')]);
  expect((await get(`http://elsewhere.test${PAGE}`, 'Host: anna.wiki.example.org'))[0]).toBe(404);
  expect((await get(`http://anna.wiki.example.org@elsewhere.test${PAGE}`, 'Host: x'))[0]).toBe(404);
});

test('a request without a host is refused', async () => {
  const { get } = await serve();
  expect((await get(PAGE))[0]).toBe(400);
});

test('what a proxy says of the host changes nothing', async () => {
  const { get } = await serve();
  const [status, body] = await get(
    PAGE,
    'Host: anna.wiki.example.org',
    'X-Forwarded-Host: bert.wiki.example.org',
    'Forwarded: host=bert.wiki.example.org',
  );
  expect([status, body]).toEqual([200, expect.stringContaining('of Anna')]);
});

test.each([
  '/w/anna/../bert/api/v1/pages/Home',
  '/w/anna/%2e%2e/bert/api/v1/pages/Home',
  '/w/anna/api/v1/pages/../../../../bert/api/v1/pages/Home',
  '/w/anna%2f..%2fbert/api/v1/pages/Home',
  '/w//bert/api/v1/pages/Home',
  '//bert/api/v1/pages/Home',
  '/w/anna//bert/api/v1/pages/Home',
  '/w/./bert/api/v1/pages/Home',
])('the path %s leads to no wiki', async path => {
  const { get } = await serve({ KITTIWAKE_TENANTS: 'path:/w' });
  const [status, body] = await get(path, 'Host: x');
  expect([404, 422]).toContain(status);
  expect(body).not.toContain('of Bert');
  expect((await get('/w/bert/api/v1/pages/Home', 'Host: x'))[0]).toBe(200);
});

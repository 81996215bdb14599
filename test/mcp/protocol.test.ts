import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEY } from '../http/harness.ts';
import { type McpWiki, openMcpWiki } from './mcp-wiki.ts';

const VERSION = '2026-07-28';

const steps: (() => Promise<void>)[] = [];
let wiki: McpWiki;

beforeAll(async () => {
  wiki = await openMcpWiki({ KITTIWAKE_MCP_ORIGINS: 'https://chat.example.org' }, step => steps.push(step));
  await wiki.write('Home', '# Welcome\n');
});

afterAll(async () => {
  for (const step of steps) await step();
});

const read = { name: 'read_note', arguments: { path: 'Home' } };

const _meta = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A request of the current revision, as its headers have to tell. */
function modern(method: string, params: object = {}, headers: Record<string, string> = {}) {
  const { name } = params as { name?: string };
  const told = {
    'mcp-protocol-version': VERSION,
    'mcp-method': method,
    ...(name ? { 'mcp-name': name } : {}),
  };
  return wiki.send({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }, { ...told, ...headers });
}

const legacy = (method: string, params: object = {}, id = 1) => ({ jsonrpc: '2.0', id, method, params });

describe('a client of the current revision', () => {
  test('finds out what there is, and reads a page', async () => {
    const client = await wiki.connect();
    expect(client.getNegotiatedProtocolVersion()).toBe(VERSION);
    expect(client.getServerCapabilities()).toEqual({ tools: {}, resources: {}, completions: {} });
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(client.getServerVersion()).toMatchObject({ name: 'kittiwake', version });
    const { structuredContent } = await client.callTool(read);
    expect(structuredContent).toMatchObject({ path: 'Home', content: '# Welcome\n' });
  });

  test('is answered in JSON, with how long lists hold, and for nobody else', async () => {
    const { status, body } = await modern('tools/list');
    expect(status).toBe(200);
    expect(body.result).toMatchObject({ resultType: 'complete', ttlMs: 300_000, cacheScope: 'private' });
    expect((await modern('resources/list')).body.result).toMatchObject({ ttlMs: 0, cacheScope: 'private' });
  });

  test.each([
    ['another method in the header', { 'mcp-method': 'tools/list' }],
    ['another name in the header', { 'mcp-name': 'write_note' }],
    ['another revision in the header', { 'mcp-protocol-version': '2025-11-25' }],
    ['no name in the header', { 'mcp-name': '' }],
    ['no method in the header', { 'mcp-method': '' }],
  ])('is refused with %s', async (_, headers) => {
    const { status, body } = await modern('tools/call', read, headers);
    expect(status).toBe(400);
    expect(body.error.code).toBe(-32_020);
  });

  test('is told of a revision that is not known', async () => {
    const params = { ...read, _meta: { ..._meta, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } };
    const headers = {
      'mcp-protocol-version': '2031-01-01',
      'mcp-method': 'tools/call',
      'mcp-name': 'read_note',
    };
    const { status, body } = await wiki.send(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
      headers,
    );
    expect(status).toBe(400);
    expect(body.error.data.supported).toEqual([VERSION]);
  });

  test('gets nothing for a state that it brings, as none is ever handed out', async () => {
    const { body } = await modern('tools/call', { ...read, requestState: 'forged' });
    expect(body.result).toMatchObject({ resultType: 'complete', structuredContent: { path: 'Home' } });
    expect(body.result.requestState).toBeUndefined();
  });

  test('is told that there is nothing to listen to', async () => {
    const started = await fetch(`${wiki.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer test-key',
        'content-type': 'application/json',
        'mcp-protocol-version': VERSION,
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: { notifications: { toolsListChanged: true }, _meta },
      }),
    });
    expect(started.status).toBe(200);
    // It ends at once: nothing is kept open that a function would be paid for.
    expect(await started.text()).toContain('"notifications":{}');
  });
});

describe('a client of the revisions of 2025', () => {
  test('reads a page', async () => {
    const client = await wiki.connectOld();
    await client.listTools();
    const { structuredContent } = await client.callTool(read);
    expect(structuredContent).toMatchObject({ path: 'Home', content: '# Welcome\n' });
  });

  test('gets errors that it can hold against the schema of the tool', async () => {
    const client = await wiki.connectOld();
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(20);
    const answer = await client.callTool({ name: 'read_note', arguments: { path: 'None' } });
    expect(answer).toMatchObject({ isError: true, structuredContent: { error: { code: 'page_not_found' } } });
  });

  test.each(['*/*', 'application/json'])('is answered in JSON when it accepts %s', async accept => {
    const { status, body } = await wiki.send(legacy('tools/call', read), { accept });
    expect([status, body.result.structuredContent.path]).toEqual([200, 'Home']);
  });

  test('sends several requests at once, and each is answered', async () => {
    const { body } = await wiki.send([legacy('tools/call', read), legacy('ping', {}, 2)]);
    expect(body.map(({ id }: { id: number }) => id).sort()).toEqual([1, 2]);
  });

  test('is answered though it cancels in the same batch', async () => {
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    const { body } = await wiki.send([legacy('tools/call', read), cancelled]);
    expect([body].flat()).toMatchObject([{ id: 1, result: {} }]);
  });

  test.each([
    ['one id twice', () => [legacy('ping'), legacy('ping')]],
    ['too many requests', () => Array.from({ length: 21 }, (_, id) => legacy('ping', {}, id))],
  ])('is refused a batch with %s', async (_, batch) => {
    const { status, body } = await wiki.send(batch());
    expect([status, body.error.code]).toEqual([400, -32_600]);
  });

  test('is told nothing in answer to what asks nothing', async () => {
    const told = { jsonrpc: '2.0', method: 'notifications/initialized' };
    expect(await wiki.send(told)).toEqual({ status: 202, body: undefined });
    expect(await wiki.send([told, told])).toEqual({ status: 202, body: undefined });
  });
});

describe('what is no request', () => {
  test.each([
    ['broken JSON', '{"jsonrpc"'],
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '7'],
    ['an empty list', '[]'],
    ['deep lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}'],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}'],
  ])('is refused: %s', async (_, body) => {
    const answer = await wiki.send(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBeLessThan(0);
  });

  test('is refused when it is no JSON by its type', async () => {
    expect((await wiki.send(legacy('ping'), { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('is refused when it is too large', async () => {
    const { status, body } = await wiki.send(`"${'x'.repeat(20 * 1024 ** 2)}"`);
    expect([status, body.code]).toEqual([413, 'body_too_large']);
  });

  test.each(['GET', 'DELETE', 'PUT'])('is refused: %s', async method => {
    const answer = await fetch(`${wiki.url}/mcp`, { method, headers: { authorization: 'Bearer test-key' } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('has no effect: unknown methods and tools', async () => {
    expect((await modern('tools/unknown')).body.error.code).toBe(-32_601);
    expect((await modern('tools/call', { name: 'none' })).body.error.code).toBe(-32_602);
    expect((await modern('tools/call', { name: '__proto__' })).body.error.code).toBe(-32_602);
  });
});

describe('pages in a browser', () => {
  test.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['https://chat.example.org.evil.example', 403],
    ['http://localhost.evil.example', 403],
    ['https://chat.example.org', 200],
    ['http://localhost:6274', 200],
    ['http://127.0.0.1:6274', 200],
  ])('of %s get %i', async (origin, status) => {
    expect((await wiki.send(legacy('ping'), { origin })).status).toBe(status);
  });
});

test('a wiki without an MCP server has nothing there', async () => {
  const off = await openMcpWiki({ KITTIWAKE_MCP: 'false' });
  expect(await off.send(legacy('ping'))).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
});

test('a client that is configured with a slash at the end finds the same', async () => {
  const answer = await fetch(`${wiki.url}/mcp/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(legacy('ping')),
  });
  expect([answer.status, await answer.json()]).toEqual([200, { jsonrpc: '2.0', id: 1, result: {} }]);
});

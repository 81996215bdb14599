import { existsSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { kittiwake, MAIN, temporaryFolder } from '../support/cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** What a client of 2025 says first. */
const OLD = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
};

interface StdioClient {
  client: Client;
  pid: number;
  /** What the server says beside the protocol. */
  said(): string;
}

async function connect(data: string, ...args: string[]): Promise<StdioClient> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, 'mcp', '--data', data, ...args],
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', chunk => {
    said += chunk;
  });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  onTestFinished(() => client.close());
  await client.connect(transport);
  return { client, pid: transport.pid ?? 0, said: () => said };
}

const textOf = ({ content }: { content?: unknown }) => (content as { text: string }[])[0]?.text;

describe('kittiwake mcp', () => {
  test('makes a wiki, and serves it to a client of the current revision', async () => {
    const { client, said } = await connect(folder.path('new'));
    const name = 'write_note';
    const written = await client.callTool({ name, arguments: { path: 'Home', content: '# Hello' } });
    expect(textOf(written)).toMatch(/^Created Home \(revision: [0-9a-f]{8}\)$/);
    const read = await client.callTool({ name: 'read_note', arguments: { path: 'Home' } });
    expect(textOf(read)).toContain('# Hello');
    expect(said()).toBe('');
  });

  test('serves a client of the revisions of 2025', async () => {
    const data = folder.path('old');
    const transport = new OldTransport({
      command: process.execPath,
      args: [MAIN, 'mcp', '--data', data],
    });
    const client = new OldClient({ name: 'test', version: '1' });
    onTestFinished(() => client.close());
    await client.connect(transport as unknown as Parameters<OldClient['connect']>[0]);
    expect(client.getServerVersion()?.name).toBe('kittiwake');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('write_note');
  });

  test('commits in the name that it is given, and what it wrote is found by others', async () => {
    const data = folder.path('author');
    const { client } = await connect(data, '--author', 'Ann Author <ann@example.org>');
    await client.callTool({ name: 'write_note', arguments: { path: 'Home', content: '# Blackbird' } });
    const history = await client.callTool({ name: 'get_history', arguments: { path: 'Home' } });
    expect(textOf(history)).toContain('Ann Author');
    const second = await connect(data);
    const found = await second.client.callTool({ name: 'search_notes', arguments: { query: 'blackbird' } });
    expect(textOf(found)).toContain('Home');
  });

  test('that is read only offers nothing that changes the wiki, and makes none', async () => {
    const data = folder.path('read-only');
    const absent = await kittiwake(['mcp', '--data', data, '--read-only']);
    expect([absent.code, absent.out]).toEqual([1, '']);
    expect(absent.err).toMatch(/^error: Opening the wiki fails: .* \(wiki_absent\)\n$/);
    expect(existsSync(data)).toBe(false);
    expect((await kittiwake(['wiki', 'create', '--data', data])).code).toBe(0);
    const { client } = await connect(data, '--read-only');
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(0);
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([]);
    await expect(
      client.callTool({ name: 'write_note', arguments: { path: 'Home', content: 'x' } }),
    ).rejects.toThrow('Unknown tool: write_note');
  });

  test('serves one of many wikis', async () => {
    const data = folder.path('many');
    const env = { KITTIWAKE_TENANTS: 'path:/w' };
    for (const name of ['anna', 'bert'])
      expect((await kittiwake(['tenant', 'create', name, '--data', data], { env })).code).toBe(0);
    const call = (wiki: string, name: string, given: object) => {
      const input = [
        { jsonrpc: '2.0', id: 1, method: 'initialize', params: OLD },
        { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name, arguments: given } },
      ];
      const args = ['mcp', '--data', data, '--wiki', wiki];
      const lines = input.map(each => `${JSON.stringify(each)}\n`).join('');
      return kittiwake(args, { env, input: lines, inputUntil: /"id":2/ });
    };
    expect((await call('anna', 'write_note', { path: 'Home', content: 'x' })).out).toContain('Created Home');
    expect((await call('anna', 'read_note', { path: 'Home' })).out).toContain('Path: Home');
    expect((await call('bert', 'read_note', { path: 'Home' })).out).toContain('page_not_found');
    expect(await call('nobody', 'read_note', { path: 'Home' })).toMatchObject({ code: 1, out: '' });
  });

  test('ends with its input, and with a signal', async () => {
    const ended = await kittiwake(['mcp', '--data', folder.path('ended')]);
    expect(ended).toEqual({ code: 0, out: '', err: '' });
    const { client, pid } = await connect(folder.path('stopped'));
    const closed = new Promise<void>(resolve => {
      client.onclose = resolve;
    });
    process.kill(pid, 'SIGTERM');
    await closed;
  });

  test('survives a line that is no message', async () => {
    const call = { jsonrpc: '2.0', id: 7, method: 'tools/list' };
    const input = `not json\n{"jsonrpc":"1.0"}\n[]\n\n${JSON.stringify(call)}\n`;
    const { code, out } = await kittiwake(['mcp', '--data', folder.path('broken')], {
      input,
      inputUntil: /"id":7/,
    });
    expect(code).toBe(0);
    for (const line of out.trim().split('\n')) expect(JSON.parse(line).jsonrpc).toBe('2.0');
    expect(out).toContain('"id":7');
  });
});

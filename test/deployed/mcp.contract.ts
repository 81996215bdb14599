import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { API_KEY, type DoorKind } from './support/assembly.ts';
import { deploy } from './support/deployment.ts';
import type { OpenPlace } from './support/s3-place.ts';

const OPTIONS = { requestInit: { headers: { authorization: `Bearer ${API_KEY}` } } };
const WHO = { name: 'test', version: '1' };

/** Language models, through the front door. */
export function mcpContract(open: OpenPlace): void {
  describe.each<DoorKind>(['functionUrl', 'httpApi'])('MCP, through %s', door => {
    test('the official clients of both revisions write, read and find', async ctx => {
      const { api, door: front } = await deploy(ctx, open, { door });
      const target = new URL(`${front.url}/mcp`);
      const client = new Client(WHO, { versionNegotiation: { mode: 'auto' } });
      onTestFinished(() => client.close());
      await client.connect(new StreamableHTTPClientTransport(target, OPTIONS));
      const call = async (name: string, given: Record<string, unknown>) => {
        const { content, isError = false } = await client.callTool({ name, arguments: given });
        return [isError, (content as { text: string }[])[0]?.text];
      };
      const page = { path: 'Docs/First', content: 'Über Möwen 🐦\n' };
      expect(await call('write_note', page)).toEqual([false, expect.stringMatching(/^Created Docs\/First /)]);
      expect(await call('write_note', page)).toEqual([true, expect.stringContaining('Revision required')]);
      expect(await call('read_note', { path: 'docs/first' })).toEqual([
        false,
        expect.stringContaining(page.content.trim()),
      ]);
      expect(await api.text('Docs/First')).toBe(page.content);
      expect(await call('search_notes', { query: 'Möwen' })).toEqual([
        false,
        expect.stringContaining('Docs/First'),
      ]);
      const old = new OldClient(WHO);
      onTestFinished(() => old.close());
      await old.connect(new OldTransport(target, OPTIONS) as Parameters<OldClient['connect']>[0]);
      const { tools } = await old.listTools();
      expect(tools.map(({ name }) => name)).toEqual((await client.listTools()).tools.map(({ name }) => name));
    });

    test('who has no token is told where one is to be had', async ctx => {
      const environment = {
        KITTIWAKE_URL: 'https://wiki.example.org',
        KITTIWAKE_JWT_ISSUER: 'https://id.example.org',
        KITTIWAKE_JWT_AUDIENCE: 'https://wiki.example.org/mcp',
      };
      const { door: front } = await deploy(ctx, open, { door, environment });
      const refused = await fetch(`${front.url}/mcp`, { method: 'POST', body: '{}' });
      const metadata = '/.well-known/oauth-protected-resource/mcp';
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        401,
        `Bearer resource_metadata="https://wiki.example.org${metadata}"`,
      ]);
      for (const path of [metadata, '/.well-known/oauth-protected-resource']) {
        const told = await fetch(`${front.url}${path}`);
        expect([told.status, await told.json()]).toMatchObject([
          200,
          { resource: 'https://wiki.example.org/mcp', authorization_servers: ['https://id.example.org'] },
        ]);
      }
    });
  });
}

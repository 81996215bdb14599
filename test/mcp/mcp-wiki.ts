import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { onTestFinished } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { startServer } from '../../src/http/server.ts';
import { type CleanUp, type Harness, KEY, openWiki } from '../http/harness.ts';

export interface McpWiki extends Harness {
  /** Of the server. */
  readonly url: string;
  /** A client of the revision 2026-07-28. */
  connect(key?: string): Promise<Client>;
  /** A client of the revision 2025-11-25. */
  connectOld(key?: string): Promise<OldClient>;
}

/** A wiki whose server listens on a port of its own, to be talked to by the protocol's own clients. */
export async function openMcpWiki(
  env: Record<string, string> = {},
  cleanUp: CleanUp = onTestFinished,
): Promise<McpWiki> {
  const closing: (() => Promise<void>)[] = [];
  cleanUp(async () => {
    for (const close of closing) await close();
  });
  const wiki = await openWiki(env, cleanUp);
  const { app } = wiki.service;
  const server = await startServer({
    app,
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 30_000,
    runtime: systemRuntime,
  });
  closing.push(() => server.close(0));
  const target = new URL(`${server.url}/mcp`);
  const options = (key: string) => ({ requestInit: { headers: { authorization: `Bearer ${key}` } } });
  const implementation = { name: 'test', version: '1' };
  return {
    ...wiki,
    url: server.url,
    async connect(key = KEY) {
      const client = new Client(implementation, { versionNegotiation: { mode: 'auto' } });
      await client.connect(new StreamableHTTPClientTransport(target, options(key)));
      closing.unshift(() => client.close());
      return client;
    },
    async connectOld(key = KEY) {
      const client = new OldClient(implementation);
      await client.connect(new OldTransport(target, options(key)) as Parameters<OldClient['connect']>[0]);
      closing.unshift(() => client.close());
      return client;
    },
  };
}

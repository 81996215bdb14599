import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { onTestFinished } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { startServer } from '../../src/http/server.ts';
import { type CleanUp, type Harness, KEY, openWiki } from '../http/harness.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
type Json = any;

export interface McpWiki extends Harness {
  /** Of the server. */
  readonly url: string;
  /** A client of the revision 2026-07-28. @param as the key it has, or the headers it sends. Default: the server's key */
  connect(as?: string | Record<string, string>): Promise<Client>;
  /** A client of the revision 2025-11-25. */
  connectOld(as?: string | Record<string, string>): Promise<OldClient>;
  /** A request as it is, with the server's key unless `headers` say otherwise. */
  send(body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: Json }>;
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
  const wiki = await openWiki(env, close => closing.push(close));
  const { app } = wiki.service;
  const server = await startServer({
    app,
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 30_000,
    runtime: systemRuntime,
  });
  closing.unshift(() => server.close(0));
  const target = new URL(`${server.url}/mcp`);
  const options = (as: string | Record<string, string>) => ({
    requestInit: { headers: typeof as === 'string' ? { authorization: `Bearer ${as}` } : as },
  });
  const implementation = { name: 'test', version: '1' };
  return {
    ...wiki,
    url: server.url,
    async connect(as = KEY) {
      const client = new Client(implementation, { versionNegotiation: { mode: 'auto' } });
      await client.connect(new StreamableHTTPClientTransport(target, options(as)));
      closing.unshift(() => client.close());
      return client;
    },
    async connectOld(as = KEY) {
      const client = new OldClient(implementation);
      await client.connect(new OldTransport(target, options(as)) as Parameters<OldClient['connect']>[0]);
      closing.unshift(() => client.close());
      return client;
    },
    async send(body, headers = {}) {
      const response = await fetch(target, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

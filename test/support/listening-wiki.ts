import { onTestFinished } from 'vitest';
import { createClient, type KittiwakeClient } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { App } from '../../src/http/message.ts';
import { startServer } from '../../src/http/server.ts';
import { type CleanUp, type Harness, KEY, openWiki } from '../http/harness.ts';

/** A wiki of this process that listens on a port of its own. */
export interface ListeningWiki extends Harness {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** With the server's key, and short waits. */
  client(options?: Partial<ClientOptions>): KittiwakeClient;
}

export interface ListeningOptions {
  env?: Record<string, string>;
  /** Default: when the test is over. */
  cleanUp?: CleanUp;
  /** Answers in place of the wiki's own. */
  front?: (app: App) => App;
}

/** Opens a wiki in a temporary folder and serves it. */
export async function openListeningWiki({
  env = {},
  cleanUp = onTestFinished,
  front = app => app,
}: ListeningOptions = {}): Promise<ListeningWiki> {
  // What is cleaned up first was opened last.
  const closing: (() => Promise<void>)[] = [];
  cleanUp(async () => {
    for (const close of closing.reverse()) await close();
  });
  const wiki = await openWiki(env, close => closing.push(close));
  const { url, close } = await startServer({
    app: front(wiki.service.app),
    host: '127.0.0.1',
    port: 0,
    requestTimeoutMs: 30_000,
    runtime: systemRuntime,
  });
  closing.push(() => close(0));
  return { ...wiki, url, client: options => createClient({ url, key: KEY, backoffMs: 20, ...options }) };
}

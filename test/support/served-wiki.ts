import { onTestFinished } from 'vitest';
import { createClient, type KittiwakeClient } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import { type CliOptions, type Outcome, startKittiwake } from './cli.ts';

const KEY = 'test-key';

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  body: any;
}

/** A `kittiwake serve` process and a client of it. */
export interface ServedWiki {
  readonly pid: number;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly key: string;
  /**
   * One request; `path` without `/api/v1`, `body` becomes JSON.
   * @throws when there was no complete answer
   */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** One request with a body of any type; redirects are not followed. */
  send(method: string, path: string, init?: RequestInit): Promise<Response>;
  /** With the server's key. */
  client(options?: Partial<ClientOptions>): KittiwakeClient;
  /** Text of a page; undefined when there is none. */
  text(path: string): Promise<string | undefined>;
  /** `SIGKILL`: no time for anything. */
  kill(): Promise<Outcome>;
  /** `SIGTERM`: the requests under way finish. */
  stop(): Promise<Outcome>;
  /** Resolves when the process has ended by itself, or by another's hand. */
  readonly finished: Promise<Outcome>;
}

/** Serves the wiki in a data folder, in a process of its own that goes with the test. Only errors are logged. */
export async function serveWiki(data: string, options: CliOptions = {}): Promise<ServedWiki> {
  const args = ['serve', '--port', '0', '--data', data, '--log-level', 'error'];
  const server = startKittiwake(args, { ...options, env: { KITTIWAKE_API_KEY: KEY, ...options.env } });
  onTestFinished(async ({ task }) => {
    server.child.kill('SIGKILL');
    const { err } = await server.finished;
    if (task.result?.state === 'fail' && err !== '') console.error(`A server logged:\n${err}`);
  });
  const url = (await server.line(/ at http/)).replace(/^.* at /, '');
  const end = (signal: 'SIGKILL' | 'SIGTERM') => {
    server.child.kill(signal);
    return server.finished;
  };

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  return {
    pid: server.child.pid ?? 0,
    url,
    key: KEY,
    call,
    send(method, path, { headers, ...init } = {}) {
      const all = { authorization: `Bearer ${KEY}`, ...(headers as Record<string, string>) };
      return fetch(`${url}/api/v1${path}`, { method, redirect: 'manual', ...init, headers: all });
    },
    client: options => createClient({ url, key: KEY, ...options }),
    async text(path) {
      const { status, body } = await call('GET', `/pages/${path}`);
      return status === 200 ? body.content : undefined;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    finished: server.finished,
  };
}

/** The lines that a server logged, when it has ended. */
export function logged({ err }: Outcome): Record<string, unknown>[] {
  return err
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line));
}

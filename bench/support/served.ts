import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HttpConnection } from './http-connection.ts';

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');
const BACKEND = join(import.meta.dirname, '../git/http-backend.child.ts');
const REFERENCE = join(import.meta.dirname, 'reference-server.child.ts');

export const API_KEY = 'bench-key';

/** A server in a process of its own. */
export interface Served {
  url: string;
  pid: number;
  /** Lets requests under way finish. */
  stop(): Promise<void>;
}

/** `kittiwake serve` as a user starts it, on the wiki `uuid` in `folder`. */
export function serveWiki(folder: string, uuid: string): Promise<Served> {
  const args = [MAIN, 'serve', '--port', '0', '--data', folder, '--wiki', uuid];
  return serve(args, folder, { KITTIWAKE_API_KEY: API_KEY });
}

/**
 * Searches once, which waits until the index has every page: what is measured afterwards is a server that has been up for
 * a while. Seconds, and how many pages were found.
 */
export async function firstSearch({ url }: Served): Promise<{ seconds: number; hits: number }> {
  const startMs = performance.now();
  const connection = await HttpConnection.open(url);
  const headers = { authorization: `Bearer ${API_KEY}` };
  const answer = await connection.ask({ method: 'GET', path: '/api/v1/search?q=seabird', headers });
  connection.close();
  const { total } = JSON.parse(answer.body.toString()) as { total: number };
  return { seconds: (performance.now() - startMs) / 1000, hits: total };
}

/** The bare server of `reference-server.child.ts`, which writes to `folder`. */
export function serveReference(folder: string): Promise<Served> {
  mkdirSync(folder, { recursive: true });
  return serve([REFERENCE], folder, {});
}

/** Git's own server for the repositories in `folder`. */
export function serveGitBackend(folder: string): Promise<Served> {
  return serve([BACKEND], folder, {});
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

async function serve(args: readonly string[], folder: string, env: Record<string, string>): Promise<Served> {
  const logFile = `${folder}.log`;
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  running.add(child);
  const ended = new Promise<void>(done => child.once('close', () => done()));
  void ended.then(() => running.delete(child));
  const url = await Promise.race([
    firstUrl(child),
    ended.then(() => {
      throw new Error(`Starting ${args[0]} fails: ${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    }),
  ]);
  return {
    url,
    pid: child.pid ?? 0,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function firstUrl(child: ChildProcess): Promise<string> {
  let out = '';
  return new Promise(found => {
    child.stdout?.on('data', chunk => {
      out += chunk;
      const url = / at (http:\S+)/.exec(out)?.[1];
      if (url !== undefined) found(url);
    });
  });
}

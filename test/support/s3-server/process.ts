import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServerCredentials } from './credentials.ts';
import type { ProfileName } from './profile.ts';

export interface S3ProcessOptions {
  /** Default: `aws`. */
  profile?: ProfileName;
  /** Default: `wikis`. */
  buckets?: readonly string[];
  /** Where the state is kept, for a later start. Default: nowhere but in memory. */
  folder?: string;
  /** Default: a free one. */
  port?: number;
  /** Default: 0. */
  latencyMs?: number;
  /** Gets one JSON line for each request (see `RequestRecord`). Default: nothing is written. */
  log?: string;
}

/** The small S3 server in a process of its own: its work is not that of the client's process. */
export interface S3Process {
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;
  readonly credentials: ServerCredentials;
  readonly pid: number;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** Starts it; resolves when it is ready. The caller kills it. */
export async function startS3Process(options: S3ProcessOptions = {}): Promise<S3Process> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...argumentsOf(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface(child.stdout);
  const line = await Promise.race([once(lines, 'line'), ended.then(() => undefined)]);
  if (line === undefined) throw new Error('Starting the S3 server failed: it ended without a word');
  const { accessKeyId, secretAccessKey, ...said } = JSON.parse(String(line[0]));
  return {
    ...said,
    credentials: { accessKeyId, secretAccessKey },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function argumentsOf({ buckets = [], latencyMs, ...named }: S3ProcessOptions): string[] {
  const latency = latencyMs === undefined ? {} : { latency: latencyMs };
  const pairs = Object.entries({ ...named, ...latency }).filter(([, value]) => value !== undefined);
  return [
    ...pairs.flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...buckets.flatMap(bucket => ['--bucket', bucket]),
  ];
}

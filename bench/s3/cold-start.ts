import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { putEvent } from '../support/function-event.ts';
import type { S3Target } from '../support/plain-s3.ts';
import { API_KEY } from '../support/served.ts';
import { expectSame } from '../support/verify.ts';

/** Milliseconds since the process began. */
export interface ColdStart {
  /** The first line of our own ran. */
  beganMs: number;
  /** The bare script alone: what it asked for was there. */
  readMs?: number;
  answeredMs: number;
  /** Processor time of all threads. */
  processorMs: number;
}

export interface FunctionStart extends ColdStart {
  /** The event was read, loading begins. */
  loadingMs: number;
  /** `handler` was there. */
  readyMs: number;
  /** Server-Timing of the answer. */
  timing: string | undefined;
  body: string;
  /** Of the requests to the store, when they were watched. */
  requests: { method: string; path: string; startedMs: number; endedMs: number }[];
}

/** The API function in one of the ways to deploy it. */
export interface ColdFunction {
  name: string;
  entry: string;
  /** Folder where Node keeps what it compiled. Absent: nowhere. */
  compileCache?: string;
}

export interface FunctionCall {
  /** `function.child.ts`, bundled. */
  starter: string;
  fn: ColdFunction;
  /** For small files. */
  folder: string;
  target: S3Target;
  prefix: string;
  uuid: string;
  page: string;
  body: Readonly<Record<string, string>>;
  watched: boolean;
}

/** Starts the API function in a process of its own and lets it update a page. */
export function startFunction(call: FunctionCall): FunctionStart {
  const { starter, fn, folder, target, prefix, uuid, page, body, watched } = call;
  const event = join(folder, 'event.json');
  writeFileSync(event, JSON.stringify(putEvent(page, body)));
  const env = {
    PATH: process.env.PATH,
    KITTIWAKE_STORE: `s3://${target.bucket}/${prefix}`,
    KITTIWAKE_S3_ADDRESSING: 'path',
    KITTIWAKE_WIKI: uuid,
    KITTIWAKE_API_KEY: API_KEY,
    AWS_ENDPOINT_URL_S3: target.endpoint,
    AWS_REGION: target.region,
    AWS_ACCESS_KEY_ID: target.accessKeyId,
    AWS_SECRET_ACCESS_KEY: target.secretAccessKey,
    AWS_SESSION_TOKEN: target.sessionToken,
    NODE_COMPILE_CACHE: fn.compileCache,
  };
  return start(folder, [starter, fn.entry, event, ...(watched ? ['watched'] : [])], env) as FunctionStart;
}

/** Starts the bare script: a GET of `key`, and a PUT of so many bytes. */
export function startBare(
  bare: string,
  folder: string,
  what: { target: S3Target; key: string; bytes: number },
): ColdStart {
  const file = join(folder, 'bare.json');
  writeFileSync(file, JSON.stringify(what));
  return start(folder, [bare, file], { PATH: process.env.PATH }) as ColdStart;
}

function start(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): unknown {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Starting ${args[0]} ends with ${status}: ${stderr}${stdout}`);
  const report = JSON.parse(stdout.slice(stdout.lastIndexOf('{"beganMs"'))) as { status: number };
  expectSame(`the status of a cold write (${stdout.slice(-500)})`, report.status, 200);
  return report;
}

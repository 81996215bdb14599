import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type Outcome, type RunningCli, startKittiwake } from './cli.ts';
import { runHere } from './run-here.ts';
import type { S3Server, S3ServerOptions } from './s3-server/server.ts';
import { enableVersioning, rawServer, type SendRaw } from './s3-server.ts';
import { type ServedWiki, serveWiki } from './served-wiki.ts';

/** Variables by which a command reaches a bucket. */
export type BucketVariables = Record<string, string>;

/** Commands on a wiki in a bucket. */
export interface BucketCli {
  /** What a process keeps besides the bucket. */
  data: string;
  env: BucketVariables;
  /** Runs a command in this process: it need not load everything anew each time. */
  run(args: readonly string[], env?: BucketVariables): Promise<Outcome>;
  /** The same; fails unless the command ends well. Resolves with what it printed. */
  done(args: readonly string[], env?: BucketVariables): Promise<string>;
  start(args: readonly string[], env?: BucketVariables): RunningCli;
  serve(env?: BucketVariables): Promise<ServedWiki>;
}

export function bucketCli(variables: BucketVariables): BucketCli {
  const data = mkdtempSync(join(tmpdir(), 'kittiwake-test-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const env = { KITTIWAKE_DATA: data, ...variables };
  const run = (args: readonly string[], more: BucketVariables = {}) => runHere(args, { ...env, ...more });
  return {
    data,
    env,
    run,
    async done(args, more) {
      const { code, out, err } = await run(args, more);
      expect({ args, code, err: err.replace(/^warning: .*\n/gm, '') }).toEqual({ args, code: 0, err: '' });
      return out;
    },
    start: (args, more = {}) => startKittiwake(args, { env: { ...env, ...more } }),
    serve: (more = {}) => serveWiki(data, { env: { ...env, ...more } }),
  };
}

/** A small S3 server with a bucket that keeps versions, and commands on a wiki there. */
export async function servedBucket(
  options: S3ServerOptions & { versioning?: boolean } = {},
): Promise<BucketCli & { server: S3Server; send: SendRaw }> {
  const { server, send } = await rawServer(options);
  if (options.versioning !== false) await enableVersioning(send);
  return { server, send, ...bucketCli(variablesOf(server)) };
}

export function variablesOf(server: Pick<S3Server, 'endpoint' | 'region' | 'credentials'>): BucketVariables {
  return {
    KITTIWAKE_STORE: 's3://wikis/some/wiki',
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
  };
}

/** Everything in a bucket by its key: bytes as Latin-1. */
export async function objectsOf(send: SendRaw): Promise<Record<string, string>> {
  const { text } = await send('GET', '', { path: '/wikis', query: { 'list-type': '2' } });
  const keys = Array.from(text.matchAll(/<Key>(.*?)<\/Key>/g), match => match[1] ?? '');
  const objects = await Promise.all(
    keys.map(async key => [key, (await send('GET', key)).body.toString('latin1')] as const),
  );
  return Object.fromEntries(objects);
}

import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { S3Options } from './options.ts';
import { plainS3, type S3Target } from './plain-s3.ts';
import { storeAt } from './s3-store.ts';
import { type Started, startUntilTold } from './started.ts';

const CEPH = resolve(import.meta.dirname, '../../scripts/ceph/main.ts');
const SMALL = resolve(import.meta.dirname, 'small-s3.child.ts');
const PROXY = resolve(import.meta.dirname, 'delay-proxy.child.ts');

/** An S3 server with a bucket to write to. */
export interface ServerUnderTest {
  /** For the titles of tables. */
  name: string;
  target: S3Target;
  /** Stands before all keys: other things may lie in the bucket. */
  prefix: string;
  stop(): Promise<void>;
}

/** Starts the server that the flags want, or takes the one that they name; further away if they say so. */
export async function openServer(options: S3Options): Promise<ServerUnderTest> {
  const { server, endpoint, latencyMs } = options;
  const { target, started } = endpoint === undefined ? await start(server) : { target: other(options) };
  const delay = latencyMs > 0 ? await startProxy(target.endpoint, latencyMs) : undefined;
  const name = `${endpoint ?? { ceph: 'Ceph', small: 'the small server' }[server]}${latencyMs > 0 ? `, ${latencyMs} ms added` : ''}`;
  const prefix = `bench-${randomUUID()}`;
  return {
    name,
    target: delay === undefined ? target : { ...target, endpoint: delay.endpoint },
    prefix,
    stop: async () => {
      await delay?.started.stop();
      if (started !== undefined) await started.stop();
      else await removeAll(target, prefix);
    },
  };
}

async function start(server: 'ceph' | 'small'): Promise<{ target: S3Target; started: Started }> {
  const started = server === 'ceph' ? await startUntilTold(CEPH, ['run']) : await startUntilTold(SMALL, []);
  const { endpoint, accessKeyId, secretAccessKey } = JSON.parse(started.line);
  const target = { endpoint, accessKeyId, secretAccessKey, region: 'us-east-1', bucket: 'bench' };
  const { status, body } = await plainS3(target)('PUT', '');
  if (status !== 200) throw new Error(`Creating a bucket fails: ${status} ${body}`);
  return { target, started };
}

function other({ endpoint = '', bucket = '' }: S3Options): S3Target {
  const { env } = process;
  return {
    endpoint,
    bucket,
    region: env.AWS_REGION ?? 'us-east-1',
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    sessionToken: env.AWS_SESSION_TOKEN,
  };
}

async function startProxy(upstream: string, latencyMs: number) {
  const { protocol, hostname, port } = new URL(upstream);
  if (protocol !== 'http:') throw new RangeError(`--latency needs an endpoint of http, not "${upstream}"`);
  const started = await startUntilTold(PROXY, [hostname, port || '80', String(latencyMs)]);
  return { started, endpoint: started.line.replace(/^.* at /, '') };
}

async function removeAll(target: S3Target, prefix: string): Promise<void> {
  const store = storeAt(target, prefix);
  for (let more = true; more; ) {
    const listing = await store.list('');
    await store.delete(listing.objects.map(({ key }) => key));
    more = listing.more;
  }
}

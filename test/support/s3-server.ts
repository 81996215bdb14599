import { Agent } from 'node:http';
import { onTestFinished } from 'vitest';
import { type S3Server, type S3ServerOptions, startS3Server } from './s3-server/server.ts';
import { type RawAnswer, type RawRequest, type S3Target, signedRequest } from './s3-server/signed-request.ts';

/** A small S3 server in this process that goes with the running test. */
export async function s3ServerForTest(options: S3ServerOptions = {}): Promise<S3Server> {
  const server = await startS3Server(options);
  onTestFinished(() => server.stop());
  return server;
}

/** Sends one signed request; `key` is in the bucket `wikis`, decoded, unless `wanted` names a path. */
export type SendRaw = (method: string, key: string, wanted?: Partial<RawRequest>) => Promise<RawAnswer>;

/** Raw requests over connections that are kept until the running test is over. */
export function rawClient(target: Omit<S3Target, 'agent'>): SendRaw {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return (method, key, wanted = {}) =>
    signedRequest({ ...target, agent }, { method, path: `/wikis/${key}`, ...wanted });
}

/** A server, and raw requests to it. */
export async function rawServer(options: S3ServerOptions = {}): Promise<{ server: S3Server; send: SendRaw }> {
  const server = await s3ServerForTest(options);
  return { server, send: rawClient(server) };
}

/** A version as If-Match takes it everywhere: without quotes. */
export function bareEtag({ headers }: RawAnswer): string {
  return String(headers.etag).replaceAll('"', '');
}

/** From now on the bucket keeps older versions. */
export async function enableVersioning(send: SendRaw, bucket = 'wikis'): Promise<void> {
  const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  const { status } = await send('PUT', '', { path: `/${bucket}`, query: { versioning: '' }, body });
  if (status !== 200) throw new Error(`versioning is answered ${status}`);
}

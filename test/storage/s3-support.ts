import { onTestFinished } from 'vitest';
import { createS3ByteStore, type S3ByteStore, type S3ByteStoreOptions } from '../../src/storage/s3/s3.ts';
import { type S3Server, type S3ServerOptions, startS3Server } from '../support/s3-server/server.ts';

/** A server that is stopped when the test is over. */
export async function s3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const server = await startS3Server(options);
  onTestFinished(() => server.stop());
  return server;
}

/** A store in the bucket `wikis` of a server. */
export function s3Store(server: S3Server, options: Partial<S3ByteStoreOptions> = {}): S3ByteStore {
  return createS3ByteStore({
    bucket: 'wikis',
    prefix: 'some/wiki',
    region: server.region,
    endpoint: server.endpoint,
    variables: server.credentials,
    ...options,
  });
}

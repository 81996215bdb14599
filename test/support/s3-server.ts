import { onTestFinished } from 'vitest';
import { type S3Server, type S3ServerOptions, startS3Server } from './s3-server/server.ts';

/** A small S3 server in this process that goes with the running test. */
export async function s3ServerForTest(options: S3ServerOptions = {}): Promise<S3Server> {
  const server = await startS3Server(options);
  onTestFinished(() => server.stop());
  return server;
}

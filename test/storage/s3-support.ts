import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { onTestFinished } from 'vitest';
import type { PutCondition, Version } from '../../src/storage/byte-store.ts';
import type { S3Call } from '../../src/storage/s3/client.ts';
import { createS3ByteStore, type S3ByteStore, type S3ByteStoreOptions } from '../../src/storage/s3/s3.ts';
import { bytesOf, versionOf } from '../contract/byte-store-values.ts';
import type { S3Server, S3ServerOptions } from '../support/s3-server/server.ts';
import { s3ServerForTest } from '../support/s3-server.ts';

/** A store in the bucket `wikis` of a server. */
export function s3Store(
  server: Pick<S3Server, 'region' | 'endpoint' | 'credentials'>,
  options: Partial<S3ByteStoreOptions> = {},
): S3ByteStore {
  return createS3ByteStore({
    bucket: 'wikis',
    prefix: 'some/wiki',
    region: server.region,
    endpoint: server.endpoint,
    variables: server.credentials,
    ...options,
  });
}

/** A server and a store in it, with the calls that the store makes. */
export async function servedStore(options: S3ServerOptions = {}, more: Partial<S3ByteStoreOptions> = {}) {
  const server = await s3ServerForTest(options);
  const calls: S3Call[] = [];
  const store = s3Store(server, { onCall: call => calls.push(call), ...more });
  return { server, store, calls };
}

/** A store at an address where something else answers. */
export function storeAt(port: number, options: Partial<S3ByteStoreOptions> = {}): S3ByteStore {
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
  return s3Store({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials }, options);
}

/** Listens on a free port until the test is over. */
export async function listening(server: TcpServer): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** An HTTP server that gives everybody the same answer. */
export function answering(status: number, type: string, text: string): Server {
  return createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(status, { 'content-type': type }).end(text));
  });
}

/** Creates the object `k` and returns its version. */
export async function created(store: S3ByteStore, text = 'first'): Promise<Version> {
  return versionOf(await store.put('k', [bytesOf(text)], { ifAbsent: true }));
}

export async function putText(store: S3ByteStore, text: string, condition: PutCondition, key = 'k') {
  return await store.put(key, [bytesOf(text)], condition);
}

/** Code and message of what a call throws. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await call.then(
    value => new Error(`Not refused: ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown as Error,
  );
  return { code: 'code' in error ? String(error.code) : '', message: error.message };
}

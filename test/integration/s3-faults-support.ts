import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import { createService, type Service } from '../../src/lazy/app.ts';
import { type BucketVariables, objectsOf, variablesOf } from '../support/s3-cli.ts';
import type { S3Server, S3ServerOptions } from '../support/s3-server/server.ts';
import { rawServer, type SendRaw } from '../support/s3-server.ts';

/** A process that serves the wiki in a bucket, without a network on the side of its clients. */
export interface BucketProcess {
  service: Service;
  call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, string> }>;
  /** The failures in its log, newest last. */
  failures(): Record<string, string>[];
}

export function bucketProcess(variables: BucketVariables, runtime: Runtime = systemRuntime): BucketProcess {
  const data = mkdtempSync(join(tmpdir(), 'kittiwake-test-'));
  const env = { KITTIWAKE_DATA: data, KITTIWAKE_API_KEY: 'key', ...variables };
  const { config, secrets } = readConfig({ env });
  const lines: Record<string, string>[] = [];
  const log = createLogger({ level: 'error', write: line => lines.push(JSON.parse(line)), now: Date.now });
  const service = createService({ config, secrets, runtime, log });
  onTestFinished(async () => {
    await service.close();
    rmSync(data, { recursive: true, force: true });
  });
  return {
    service,
    async call(method, path, body) {
      const answer = await service.app.handle({
        method,
        path: `/api/v1${path}`,
        query: '',
        headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
        body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      });
      return { status: answer.status, body: JSON.parse(String(answer.body)) };
    },
    failures: () => lines,
  };
}

/** A server with a wiki of one page, `Home`. */
export async function bucketWithWiki(
  options: S3ServerOptions = {},
): Promise<{ server: S3Server; send: SendRaw; variables: BucketVariables }> {
  const { server, send } = await rawServer(options);
  const variables = variablesOf(server);
  const { service, call } = bucketProcess(variables);
  await service.createWiki();
  const { status } = await call('PUT', '/pages/Home', { content: 'home' });
  if (status !== 201) throw new Error(`the page is answered ${status}`);
  return { server, send, variables };
}

/** Where the wiki's ledger lies in the bucket. */
export async function ledgerKeyIn(send: SendRaw): Promise<string> {
  return Object.keys(await objectsOf(send)).find(key => key.includes('/ledger/')) ?? '';
}

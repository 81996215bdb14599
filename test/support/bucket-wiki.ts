import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService, type Service } from '../../src/lazy/app.ts';

/** An S3 server, or what stands before it, and a bucket there. */
export interface BucketTarget {
  endpoint: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export const BUCKET_KEY = 'bucket-key';

/** The environment of a process that serves the wiki in a bucket; what it keeps besides is in a folder of its own. */
export function bucketEnvironment(target: BucketTarget): Record<string, string> {
  return {
    KITTIWAKE_STORE: `s3://${target.bucket}/wiki`,
    KITTIWAKE_DATA: mkdtempSync(join(tmpdir(), 'kittiwake-test-')),
    KITTIWAKE_API_KEY: BUCKET_KEY,
    AWS_ENDPOINT_URL_S3: target.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: target.accessKeyId,
    AWS_SECRET_ACCESS_KEY: target.secretAccessKey,
  };
}

/** The wiki in a bucket as a process that has just started sees it. */
export function openBucketWiki(target: BucketTarget): Service {
  const { config, secrets } = readConfig({ env: bucketEnvironment(target) });
  const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
  const service = createService({ config, secrets, runtime: systemRuntime, log });
  onTestFinished(() => service.close());
  return service;
}

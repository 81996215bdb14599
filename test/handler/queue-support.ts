import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import { type Runtime, randomId, systemRuntime } from '../../src/core/runtime.ts';
import type { Service } from '../../src/lazy/app.ts';
import { environmentOf, freshService } from '../integration/round-trips-support.ts';
import type { S3Server, S3ServerOptions } from '../support/s3-server/server.ts';
import { rawServer, type SendRaw } from '../support/s3-server.ts';

/** What a message says: one that S3 or somebody else put into the queue. */
export function queueEvent(...bodies: readonly string[]): SQSEvent {
  const records = bodies.map((body, index) => ({
    messageId: `m${index + 1}`,
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1545082649183',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1545082649185',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:wiki',
    awsRegion: 'eu-central-1',
  }));
  return { Records: records };
}

export interface NoticeOptions {
  bucket?: string;
  eventName?: string;
  etag?: string;
  sequencer?: string;
  versionId?: string;
}

/** The notice of S3 that `key`, encoded as S3 encodes it, was written. */
export function notice(key: string, options: NoticeOptions = {}): string {
  const {
    bucket = 'wikis',
    eventName = 'ObjectCreated:Put',
    etag = '',
    sequencer = '0A1B2C3D4E5F678901',
  } = options;
  const version = options.versionId === undefined ? {} : { versionId: options.versionId };
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-central-1',
    eventTime: '2026-11-21T18:00:00.000Z',
    eventName,
    userIdentity: { principalId: 'AWS:AIDAINPONIXQXHT3IKHL2' },
    requestParameters: { sourceIPAddress: '192.0.2.255' },
    responseElements: { 'x-amz-request-id': 'D82B88E5F771F645', 'x-amz-id-2': 'vlR7PnpV2Ce81l0PRw6jlUpck7' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: '828aa6fc-f7b5-4305-8584-487c791949c1',
      bucket: {
        name: bucket,
        ownerIdentity: { principalId: 'A3I5XTEXAMAI3E' },
        arn: `arn:aws:s3:::${bucket}`,
      },
      object: { key, size: 1024, eTag: etag, sequencer, ...version },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** What S3 sends when the notices are set up. */
export const TEST_NOTICE = JSON.stringify({
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: '2026-11-21T18:00:00.000Z',
  Bucket: 'wikis',
  RequestId: '5582815E1AEA5ADF',
  HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE',
});

/** What an EventBridge rule sends. */
export const SCHEDULE = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2026-11-21T18:05:00Z',
  region: 'eu-central-1',
  resources: ['arn:aws:events:eu-central-1:123456789012:rule/upkeep'],
  detail: {},
};

export const CONTEXT = { getRemainingTimeInMillis: () => 120_000, memoryLimitInMB: '1024' };

/** A folder that goes with the running test. */
export function functionFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-handler-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface FunctionBed {
  server: S3Server;
  send: SendRaw;
  uuid: string;
  /** The environment of a function with a folder of its own. */
  environment(): Record<string, string>;
  /** The wiki as another process sees it. */
  open(): Service;
  runtime: Runtime;
  /** Lets time pass, here and at the server. */
  pass(ms: number): void;
}

/** A bucket, and an empty wiki in it unless `born` is false. */
export async function functionBed(options: S3ServerOptions & { born?: boolean } = {}): Promise<FunctionBed> {
  let passedMs = 0;
  const now = () => Date.now() + passedMs;
  const { server, send } = await rawServer({ now, ...options });
  const uuid = randomId(systemRuntime);
  const runtime = { ...systemRuntime, now };
  const environment = () => environmentOf(server, uuid, functionFolder());
  const open = () => {
    const { service } = freshService(environment(), runtime);
    onTestFinished(() => service.close());
    return service;
  };
  if (options.born !== false) await open().createWiki();
  const pass = (ms: number) => {
    passedMs += ms;
  };
  return { server, send, uuid, environment, open, runtime, pass };
}

/** Gets the lines of a function's log. */
export function logLines(): { lines: Record<string, unknown>[]; write(line: string): void } {
  const lines: Record<string, unknown>[] = [];
  return { lines, write: line => void lines.push(JSON.parse(line)) };
}

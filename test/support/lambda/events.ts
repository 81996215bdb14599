import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { S3Event, S3EventRecord, ScheduledEvent, SQSEvent, SQSRecord } from 'aws-lambda';
import { FUNCTION_REGION } from './function-process.ts';

/** One change of a bucket. */
export interface S3Change {
  bucket: string;
  /** As it is, not encoded. */
  key: string;
  /** Default: `ObjectCreated:Put` */
  eventName?: string;
  /** Default: 1024. */
  sizeBytes?: number;
  etag?: string;
  versionId?: string;
}

/** One message of a queue. */
export interface SqsMessage {
  messageId: string;
  body: string;
  /** Default: 1. */
  receiveCount?: number;
  /** `Date.now()`; default: now. */
  sentAtMs?: number;
  firstReceivedAtMs?: number;
}

const ACCOUNT = '123456789012';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function s3Event(changes: readonly S3Change[]): S3Event {
  return { Records: changes.map(recordOf) };
}

/** What S3 sends once when notifications are set up: no records. */
export function s3TestEvent(bucket: string): Record<string, string> {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date().toISOString(),
    Bucket: bucket,
    RequestId: randomBytes(8).toString('hex').toUpperCase(),
    HostId: randomBytes(56).toString('base64'),
  };
}

/** A batch as an event source mapping hands it over: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function sqsEvent(messages: readonly SqsMessage[], queue = 'queue'): SQSEvent {
  return { Records: messages.map(message => sqsRecord(message, queue)) };
}

/** What a rule of EventBridge with a schedule sends. */
export function scheduleEvent(rule = 'rule'): ScheduledEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT,
    time: new Date().toISOString().replace(/\.\d+/, ''),
    region: FUNCTION_REGION,
    resources: [`arn:aws:events:${FUNCTION_REGION}:${ACCOUNT}:rule/${rule}`],
    detail: {},
  };
}

function recordOf(change: S3Change): S3EventRecord {
  const { bucket, key, eventName = 'ObjectCreated:Put', sizeBytes = 1024, versionId } = change;
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: FUNCTION_REGION,
    eventTime: new Date().toISOString(),
    eventName,
    userIdentity: { principalId: 'AWS:AROAEXAMPLE:kittiwake' },
    requestParameters: { sourceIPAddress: '192.0.2.1' },
    responseElements: { 'x-amz-request-id': 'C3D13FE58DE4C810', 'x-amz-id-2': 'FMyUVURIY8' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'ledger',
      bucket: {
        name: bucket,
        ownerIdentity: { principalId: 'A3NL1KOZZKExample' },
        arn: `arn:aws:s3:::${bucket}`,
      },
      object: {
        key: encodedKey(key),
        size: sizeBytes,
        eTag: change.etag ?? createHash('md5').update(key).digest('hex'),
        ...(versionId === undefined ? {} : { versionId }),
        sequencer: Date.now().toString(16).padStart(18, '0').toUpperCase(),
      },
    },
  };
}

/** As forms are encoded, but for slashes: a space is `+`. */
function encodedKey(key: string): string {
  const encoded = encodeURIComponent(key).replace(
    /[!'()~]/g,
    each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.replaceAll('%20', '+').replaceAll('%2F', '/');
}

function sqsRecord(message: SqsMessage, queue: string): SQSRecord {
  const { messageId, body, receiveCount = 1, sentAtMs = Date.now(), firstReceivedAtMs = sentAtMs } = message;
  return {
    messageId,
    receiptHandle: randomBytes(96).toString('base64'),
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAtMs),
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: String(firstReceivedAtMs),
    },
    messageAttributes: {},
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${FUNCTION_REGION}:${ACCOUNT}:${queue}`,
    awsRegion: FUNCTION_REGION,
  };
}

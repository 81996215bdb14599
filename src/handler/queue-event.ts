import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** What S3 tells of one object that was written. */
export interface WrittenObject {
  bucket: string;
  /** Decoded; with the prefix of the store, if it has one. */
  key: string;
  /** Of the bytes, without quotes. Empty where the server does not say. */
  etag: string;
  /** Names this writing of the key among all others: a notice that comes twice has the same one both times. */
  upload: string;
}

/** A message of the queue. `written` undefined: it is no notice of S3, and never will be one. */
export interface Message {
  id: string;
  written: readonly WrittenObject[] | undefined;
}

/** True for an event of a queue (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). */
export function isQueueEvent(event: unknown): event is SQSEvent {
  return isObject(event) && Array.isArray(event.Records);
}

/**
 * True for what the schedule sends: an event of an EventBridge rule or of EventBridge Scheduler, or the input
 * `{"schedule": true}`.
 */
export function isSchedule(event: unknown): boolean {
  if (!isObject(event)) return false;
  return event.source === 'aws.events' || event.source === 'aws.scheduler' || event.schedule === true;
}

/** The messages of a batch, each read for itself. */
export function messagesOf({ Records: records }: SQSEvent): Message[] {
  return records.map(({ messageId, body }) => ({ id: messageId, written: readNotice(body) }));
}

/** Tells the queue which messages to deliver again; after some times it sets them aside. */
export function failuresOf(ids: Iterable<string>): SQSBatchResponse {
  return { batchItemFailures: [...new Set(ids)].map(itemIdentifier => ({ itemIdentifier })) };
}

/**
 * The objects written of which a notice tells
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html). S3's test notice, sent once when
 * the notices are set up, tells of none.
 */
function readNotice(body: string): WrittenObject[] | undefined {
  const notice = parse(body);
  if (!isObject(notice)) return undefined;
  if (notice.Event === 's3:TestEvent') return [];
  if (!Array.isArray(notice.Records)) return undefined;
  const written = notice.Records.map(readRecord);
  return written.includes(undefined) ? undefined : written.flatMap(each => each ?? []);
}

/** Empty for what is no writing; undefined for what is no notice. */
function readRecord(record: unknown): WrittenObject[] | undefined {
  if (!isObject(record) || !isObject(record.s3)) return undefined;
  const { bucket, object } = record.s3;
  if (!isObject(bucket) || !isObject(object)) return undefined;
  const key = decodeKey(object.key);
  if (typeof bucket.name !== 'string' || key === undefined) return undefined;
  if (!/^(s3:)?ObjectCreated:/.test(String(record.eventName))) return [];
  const etag = textOf(object.eTag).replaceAll('"', '');
  const upload = versionOf(object) || textOf(object.sequencer) || etag;
  return [{ bucket: bucket.name, key, etag, upload }];
}

/** A bucket that keeps no versions gives all of them the id `null`. */
function versionOf({ versionId }: Record<string, unknown>): string {
  return versionId === 'null' ? '' : textOf(versionId);
}

/** Keys are encoded as in a form: a space is `+`. */
function decodeKey(key: unknown): string | undefined {
  if (typeof key !== 'string' || key === '') return undefined;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

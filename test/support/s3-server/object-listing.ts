import type { ObjectVersion } from './bucket.ts';
import { allowedBucket, type Call, quoted, xmlAnswer } from './call.ts';
import { isoTime } from './list-time.ts';
import type { Answer } from './request.ts';
import { S3Error } from './s3-error.ts';
import { element, textElement, xmlDocument } from './xml.ts';

const MAX_KEYS = 1000;

/** ListObjectsV2, without delimiters. */
export function listObjects(call: Call): Answer {
  const bucket = allowedBucket(call, 's3:ListBucket');
  const { query } = call.request;
  refuseDelimiter(query);
  const prefix = query.get('prefix') ?? '';
  const limit = limitOf(query, 'max-keys');
  const after = startOf(query);
  const found: ObjectVersion[] = [];
  for (const key of bucket.keys.from(prefix, after)) {
    const version = key === after ? undefined : bucket.current(key);
    if (version !== undefined) found.push(version);
    if (found.length > limit) break;
  }
  return xmlAnswer(listXml(call, found.slice(0, limit), limit > 0 && found.length > limit, limit));
}

/** How keys are written: percent-encoded when the client asked for it. */
export function keyElement({ request, profile }: Call, name: string, key: string): string {
  const isEncoded = request.query.get('encoding-type') === 'url';
  return textElement(name, isEncoded ? profile.encodeKey(key) : key);
}

/** The wanted number of entries, 1,000 at most. @throws S3Error `InvalidArgument` */
export function limitOf(query: ReadonlyMap<string, string>, name: string): number {
  const text = query.get(name) ?? String(MAX_KEYS);
  if (!/^\d{1,9}$/.test(text)) throw new S3Error('InvalidArgument', `Provided ${name} not an integer`);
  return Math.min(Number(text), MAX_KEYS);
}

/** @throws S3Error `NotImplemented` */
export function refuseDelimiter(query: ReadonlyMap<string, string>): void {
  if (query.has('delimiter')) throw new S3Error('NotImplemented', 'Delimiters are not known here');
}

function startOf(query: ReadonlyMap<string, string>): string {
  const token = query.get('continuation-token');
  return token === undefined ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
}

function listXml(call: Call, found: readonly ObjectVersion[], isTruncated: boolean, limit: number): Buffer {
  const { query, bucket } = call.request;
  const told = ['continuation-token', 'encoding-type'].filter(name => query.has(name));
  const names: Record<string, string> = {
    'continuation-token': 'ContinuationToken',
    'encoding-type': 'EncodingType',
  };
  const next = Buffer.from(found.at(-1)?.key ?? '').toString('base64url');
  return xmlDocument('ListBucketResult', [
    textElement('Name', bucket),
    keyElement(call, 'Prefix', query.get('prefix') ?? ''),
    ...(query.has('start-after') ? [keyElement(call, 'StartAfter', query.get('start-after') ?? '')] : []),
    ...told.map(name => textElement(names[name] ?? '', query.get(name) ?? '')),
    ...(isTruncated ? [textElement('NextContinuationToken', next)] : []),
    textElement('KeyCount', found.length),
    textElement('MaxKeys', limit),
    textElement('IsTruncated', isTruncated),
    ...found.map(version => contents(call, version)),
  ]);
}

function contents(call: Call, version: ObjectVersion): string {
  return element('Contents', [
    keyElement(call, 'Key', version.key),
    textElement('LastModified', isoTime(call.profile, version.modifiedMs)),
    textElement('ETag', quoted(version.etag)),
    textElement('Size', version.bytes.length),
    textElement('StorageClass', 'STANDARD'),
  ]);
}

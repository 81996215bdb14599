import type { Bucket, ObjectVersion } from './bucket.ts';
import type { ConditionRules } from './conditions.ts';
import type { Answer, S3Request } from './request.ts';
import { S3Error } from './s3-error.ts';
import type { S3State } from './state.ts';

/** One request with all that answering it takes. */
export interface Call extends ConditionRules {
  readonly request: S3Request;
  /** The request's headers, and its trailers. */
  readonly headers: Readonly<Record<string, string>>;
  /** The content, without the framing of `aws-chunked`. */
  readonly body: Buffer;
  readonly state: S3State;
  readonly region: string;
  /** The least size of a part that is not the last. */
  readonly minPartBytes: number;
  /** The ETag of these bytes, without quotes. */
  etagOf(bytes: Buffer): string;
  /** Whether the one who signed may do this. */
  may(action: string, key: string): boolean;
}

/** Answers one request. Runs in one step: nothing else happens in between. */
export type Operation = (call: Call) => Answer;

/**
 * The bucket of the request, when the one who signed may do `action` to its key.
 * @throws S3Error `NoSuchBucket`, `PermanentRedirect`, `AccessDenied`
 */
export function allowedBucket(call: Call, action: string): Bucket {
  const bucket = homeBucket(call);
  allow(call, action, call.request.key);
  return bucket;
}

/** The bucket of the request. @throws S3Error `NoSuchBucket`, `PermanentRedirect` */
export function homeBucket(call: Call): Bucket {
  const bucket = call.state.bucket(call.request.bucket);
  checkHome(call, bucket);
  return bucket;
}

/** @throws S3Error `AccessDenied` */
export function allow(call: Call, action: string, key: string): void {
  if (!call.may(action, key)) throw new S3Error('AccessDenied', `Not authorized to perform ${action}`);
}

/**
 * What the answer for an absent object is: who may not list does not learn that it is absent.
 * @throws S3Error `NoSuchKey`, `AccessDenied`
 */
export function refuseAbsent(call: Call, key: string): never {
  allow(call, 's3:ListBucket', '');
  throw new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });
}

/** A conditional write by ETag reads the object, as far as permissions go. @throws S3Error `AccessDenied` */
export function allowCondition(call: Call): void {
  if (call.headers['if-match'] !== undefined) allow(call, 's3:GetObject', call.request.key);
}

/** The headers that tell the version, where versions are kept. */
export function versionHeaders(bucket: Bucket, version: ObjectVersion | undefined): Record<string, string> {
  if (version === undefined || bucket.fields.versioning === 'Off') return {};
  const marker = version.isDeleteMarker ? { 'x-amz-delete-marker': 'true' } : {};
  return { 'x-amz-version-id': version.versionId, ...marker };
}

/** ETags are quoted in every answer. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}

/** An answer in XML. */
export function xmlAnswer(body: Buffer): Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function checkHome(call: Call, bucket: Bucket): void {
  const { region, name } = bucket.fields;
  if (region === call.region) return;
  throw new S3Error(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint.',
    { Bucket: name, Endpoint: `${name}.s3.${region}.amazonaws.com`, Region: region },
    { 'x-amz-bucket-region': region },
  );
}

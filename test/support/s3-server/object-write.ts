import type { Bucket, ObjectVersion } from './bucket.ts';
import {
  allow,
  allowCondition,
  allowedBucket,
  type Call,
  quoted,
  refuseAbsent,
  versionHeaders,
  xmlAnswer,
} from './call.ts';
import { checksumHeaders, verifyChecksums } from './checksums.ts';
import { checkDelete, checkWrite, isNotModified } from './conditions.ts';
import { isoTime } from './list-time.ts';
import type { Answer } from './request.ts';
import { S3Error } from './s3-error.ts';
import { textElement, xmlDocument } from './xml.ts';

const KEPT = /^(content-(type|disposition|language|encoding)|cache-control|expires|x-amz-meta-.*)$/;

/** PutObject, conditional or not. */
export function putObject(call: Call): Answer {
  const bucket = allowedBucket(call, 's3:PutObject');
  const { key } = call.request;
  allowCondition(call);
  verifyChecksums(call.headers, call.body);
  checkWrite(call, call.headers, bucket.current(key), key, call.request.startedMs);
  const headers = keptHeaders(call.headers);
  const version = bucket.put({ key, bytes: call.body, etag: call.etagOf(call.body), headers });
  return {
    status: 200,
    headers: {
      etag: quoted(version.etag),
      ...checksumHeaders(headers),
      ...versionHeaders(bucket, version),
    },
  };
}

/** CopyObject within the server, all of the source's headers or (`REPLACE`) those of the request. */
export function copyObject(call: Call): Answer {
  const bucket = allowedBucket(call, 's3:PutObject');
  const { key } = call.request;
  const source = copySource(call);
  allowCondition(call);
  checkWrite(call, call.headers, bucket.current(key), key, call.request.startedMs);
  const isReplaced = call.headers['x-amz-metadata-directive'] === 'REPLACE';
  const headers = isReplaced ? keptHeaders(call.headers) : source.headers;
  const version = bucket.put({ key, bytes: source.bytes, etag: call.etagOf(source.bytes), headers });
  const content = [
    textElement('ETag', quoted(version.etag)),
    textElement('LastModified', isoTime(call.profile, version.modifiedMs)),
  ];
  const answer = xmlAnswer(xmlDocument('CopyObjectResult', content));
  return { ...answer, headers: { ...answer.headers, ...versionHeaders(bucket, version) } };
}

/** DeleteObject: absent objects are deleted with success. */
export function deleteObject(call: Call): Answer {
  const versionId = call.request.query.get('versionId');
  const bucket = allowedBucket(call, versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion');
  allowCondition(call);
  checkDelete(call, call.headers, bucket.current(call.request.key));
  const gone = removeObject(bucket, call.request.key, versionId);
  return { status: 204, headers: versionHeaders(bucket, gone) };
}

/** Removes the object or one version; answers the marker that was made or the version that is gone. */
export function removeObject(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): ObjectVersion | undefined {
  return versionId === undefined ? bucket.remove(key) : bucket.removeVersion(key, versionId);
}

/** Of the request's headers those that are kept with the object. */
export function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT.test(name)));
  const encoding = (kept['content-encoding'] ?? '').replace(/\baws-chunked\b,? ?/, '');
  const { 'content-encoding': _, ...rest } = kept;
  return {
    ...rest,
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
    ...checksumHeaders(headers),
  };
}

function copySource(call: Call): ObjectVersion {
  const source = decodeURIComponent(call.headers['x-amz-copy-source'] ?? '').replace(/^\//, '');
  const at = source.indexOf('/');
  if (at === -1 || source.includes('?')) throw new S3Error('InvalidArgument', 'Invalid copy source');
  const key = source.slice(at + 1);
  const bucket = call.state.bucket(source.slice(0, at));
  allow(call, 's3:GetObject', key);
  const version = bucket.current(key) ?? refuseAbsent(call, key);
  if (isNotModified(call.profile, copyConditions(call.headers), version)) {
    throw new S3Error('PreconditionFailed', 'The source is not as it should be');
  }
  return version;
}

function copyConditions(headers: Readonly<Record<string, string>>): Record<string, string> {
  const start = 'x-amz-copy-source-if-';
  const own = Object.entries(headers).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(own.map(([name, value]) => [`if-${name.slice(start.length)}`, value]));
}

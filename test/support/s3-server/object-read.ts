import type { Bucket, ObjectVersion } from './bucket.ts';
import { parseRange } from './byte-range.ts';
import { allowedBucket, type Call, quoted, refuseAbsent, versionHeaders } from './call.ts';
import { isNotModified } from './conditions.ts';
import type { Answer } from './request.ts';
import { S3Error } from './s3-error.ts';

/** GetObject and, without the bytes, HeadObject. */
export function getObject(call: Call): Answer {
  const { request } = call;
  const versionId = request.query.get('versionId');
  const bucket = allowedBucket(call, versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion');
  const version = find(call, bucket, versionId);
  const headers = objectHeaders(call, bucket, version);
  if (isNotModified(call.profile, call.headers, version)) {
    return { status: 304, headers: call.profile.tellsDetails ? headers : {} };
  }
  const { bytes } = version;
  const range = parseRange(call.headers.range, bytes.length);
  if (range === undefined)
    return { status: 200, headers: { ...headers, ...checksums(call, version) }, body: bytes };
  const [start, end] = range;
  const contentRange = `bytes ${start}-${end - 1}/${bytes.length}`;
  return {
    status: 206,
    headers: { ...headers, 'content-range': contentRange },
    body: bytes.subarray(start, end),
  };
}

function find(call: Call, bucket: Bucket, versionId: string | undefined): ObjectVersion {
  const { key } = call.request;
  if (versionId === undefined) return bucket.current(key) ?? refuseAbsent(call, key);
  const version = bucket.versionsOf(key).find(each => each.versionId === versionId);
  if (version === undefined) {
    throw new S3Error('NoSuchVersion', 'The specified version does not exist.', {
      Key: key,
      VersionId: versionId,
    });
  }
  if (version.isDeleteMarker) {
    const message = 'The specified method is not allowed against this resource.';
    throw new S3Error('MethodNotAllowed', message, {}, versionHeaders(bucket, version));
  }
  return version;
}

function objectHeaders(call: Call, bucket: Bucket, version: ObjectVersion): Record<string, string> {
  const kept = Object.entries(version.headers).filter(([name]) => !name.startsWith('x-amz-checksum-'));
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(kept),
    ...overrides(call.request.query),
    'accept-ranges': 'bytes',
    'last-modified': new Date(version.modifiedMs).toUTCString(),
    etag: quoted(version.etag),
    ...versionHeaders(bucket, version),
  };
}

/** `response-content-type` and its like in the query replace what is stored. */
function overrides(query: ReadonlyMap<string, string>): Record<string, string> {
  const asked = [...query].filter(([name]) => name.startsWith('response-'));
  return Object.fromEntries(asked.map(([name, value]) => [name.slice('response-'.length), value]));
}

function checksums(call: Call, version: ObjectVersion): Record<string, string> {
  if (call.headers['x-amz-checksum-mode'] !== 'ENABLED') return {};
  return Object.fromEntries(
    Object.entries(version.headers).filter(([name]) => name.startsWith('x-amz-checksum-')),
  );
}

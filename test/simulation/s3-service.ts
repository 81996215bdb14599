import { hash } from 'node:crypto';
import type { PutCondition } from '../../src/storage/byte-store.ts';
import type { HttpAnswer, HttpRequest } from '../../src/storage/s3/transport.ts';
import { elements, escapeXml } from '../../src/storage/s3/xml.ts';
import type { Cloud } from './cloud.ts';
import { listed } from './direct-store.ts';

/** `aws` answers as AWS documents, `ceph16` as Ceph RGW 16 does. */
export type S3Profile = 'aws' | 'ceph16';

export const BUCKET_PATH = '/simulated';

interface Asked {
  cloud: Cloud;
  profile: S3Profile;
  request: HttpRequest;
  key: string;
  query: URLSearchParams;
  /** A conditional put that meets a version which landed after this loses a race, and is told so. */
  racingSinceMs: number;
}

/** Does at once what a request to S3 wants, and answers it. The signature is not looked at. */
export function answerS3(
  cloud: Cloud,
  profile: S3Profile,
  request: HttpRequest,
  racingSinceMs: number,
): HttpAnswer {
  const [path = '', query = ''] = request.path.split('?');
  const key = decodeURIComponent(path.slice(BUCKET_PATH.length + 1));
  const asked = { cloud, profile, request, key, query: new URLSearchParams(query), racingSinceMs };
  if (request.method === 'PUT') return put(asked);
  if (request.method === 'POST') return deleteAll(asked);
  return key === '' ? list(asked) : get(asked);
}

/** An error as S3 answers it. */
export function s3Error(status: number, code: string): HttpAnswer {
  return xmlAnswer(`<Error><Code>${code}</Code></Error>`, status);
}

function get({ cloud, request, key }: Asked): HttpAnswer {
  const object = cloud.get(key);
  if (object === undefined) return s3Error(404, 'NoSuchKey');
  const { bytes } = object;
  const etag = etagOf(bytes);
  if (request.headers['if-none-match'] === etag) return answer(304, Buffer.alloc(0), { etag });
  if (request.method === 'HEAD')
    return answer(200, Buffer.alloc(0), { etag, 'content-length': String(bytes.length) });
  const range = request.headers.range;
  if (range === undefined) return answer(200, Buffer.from(bytes), { etag });
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const start = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes.length : Math.min(bytes.length, Number(last) + 1);
  if (start >= end) return s3Error(416, 'InvalidRange');
  const contentRange = `bytes ${start}-${end - 1}/${bytes.length}`;
  return answer(206, Buffer.from(bytes.subarray(start, end)), { etag, 'content-range': contentRange });
}

function put(asked: Asked): HttpAnswer {
  const { cloud, request, key } = asked;
  const body = Buffer.concat(request.body);
  if (hash('sha256', body) !== request.headers['x-amz-content-sha256'])
    return s3Error(400, 'XAmzContentSHA256Mismatch');
  const current = cloud.get(key);
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  let condition: PutCondition = { immutable: true };
  if (ifNoneMatch === '*') {
    if (current !== undefined) return lost(asked, current.modifiedMs);
    condition = { ifAbsent: true };
  } else if (ifMatch !== undefined) {
    if (current === undefined) return absentOnIfMatch(asked.profile);
    const etag = etagOf(current.bytes);
    const matches = ifMatch === etag.slice(1, -1) || (ifMatch === etag && asked.profile === 'aws');
    if (!matches) return lost(asked, current.modifiedMs);
    condition = { ifMatch: current.version };
  }
  cloud.put(key, [body], condition);
  return answer(200, Buffer.alloc(0), { etag: etagOf(body) });
}

function lost({ profile, racingSinceMs }: Asked, modifiedMs: number): HttpAnswer {
  if (modifiedMs < racingSinceMs) return s3Error(412, 'PreconditionFailed');
  return profile === 'aws' ? s3Error(409, 'ConditionalRequestConflict') : s3Error(500, 'UnknownError');
}

function absentOnIfMatch(profile: S3Profile): HttpAnswer {
  return profile === 'aws' ? s3Error(404, 'NoSuchKey') : s3Error(412, 'PreconditionFailed');
}

function list({ cloud, query }: Asked): HttpAnswer {
  const { objects, more } = listed(cloud, query.get('prefix') ?? '', {
    after: query.get('start-after') ?? '',
    limit: Number(query.get('max-keys') ?? 1_000),
  });
  const contents = objects.map(
    ({ key, size, modifiedMs }) =>
      `<Contents><Key>${escapeXml(encodeURIComponent(key))}</Key><Size>${size}</Size><LastModified>${new Date(modifiedMs).toISOString()}</LastModified></Contents>`,
  );
  const truncated = `<IsTruncated>${more}</IsTruncated>`;
  return xmlAnswer(`<ListBucketResult>${truncated}${contents.join('')}</ListBucketResult>`);
}

function deleteAll({ cloud, request }: Asked): HttpAnswer {
  for (const key of elements(Buffer.concat(request.body).toString(), 'Key')) cloud.delete(key);
  return xmlAnswer('<DeleteResult></DeleteResult>');
}

function xmlAnswer(xml: string, status = 200): HttpAnswer {
  return answer(status, Buffer.from(xml), { 'content-type': 'application/xml' });
}

function answer(status: number, bytes: Buffer, headers: Record<string, string>): HttpAnswer {
  return { status, headers: { 'x-amz-request-id': 'simulated', ...headers }, bytes, connected: false };
}

const etags = new WeakMap<Buffer, string>();

/** MD5 of the content, as with S3: identical bytes have identical versions. */
function etagOf(bytes: Buffer): string {
  const known = etags.get(bytes);
  if (known !== undefined) return known;
  const etag = `"${hash('md5', bytes)}"`;
  etags.set(bytes, etag);
  return etag;
}

import type { KittiwakeError } from '../../core/errors.ts';
import type { PutCondition, PutOutcome, Version } from '../byte-store.ts';
import { storageAborted } from '../errors.ts';
import { bucketAbsent, clockSkewed, notS3, regionWrong, s3Denied, s3Failed } from './errors.ts';
import type { Doing, Place } from './place.ts';
import { type HttpAnswer, TransportFailure } from './transport.ts';
import { textOf } from './xml.ts';

/** What the answer to a put means. @throws KittiwakeError for what wrote nothing and is no conflict */
export function putOutcome(
  doing: Doing,
  place: Place,
  condition: PutCondition,
  answer: HttpAnswer,
): PutOutcome {
  const { status } = answer;
  if (status === 200) {
    const version = versionOf(answer);
    if (version !== undefined) return { kind: 'stored', version };
    return { kind: 'unknown', cause: notS3(doing, place, 'answers a PUT without an ETag') };
  }
  // Not of S3, and no refusal: whoever answers so may have let it pass.
  if (status < 300) return { kind: 'unknown', cause: notS3(doing, place, `answers a PUT with ${status}`) };
  if (status >= 500 && status !== 501) {
    return {
      kind: 'unknown',
      cause: s3Failed(doing, place, `${place.endpoint} answered ${describe(answer)}`),
    };
  }
  if (!('immutable' in condition)) {
    if (status === 412) return { kind: 'conflict', reason: 'ifAbsent' in condition ? 'exists' : 'changed' };
    if (status === 409) return { kind: 'conflict', reason: 'concurrent' };
    if (codeOf(answer) === 'NoSuchKey') return { kind: 'conflict', reason: 'gone' };
  }
  throw refusal(doing, place, answer);
}

/** What a put without an answer means. @throws KittiwakeError when nothing of it was sent */
export function putFailure(doing: Doing, place: Place, error: unknown, signal?: AbortSignal): PutOutcome {
  const cause = failure(doing, place, error, signal);
  const isOpen = error instanceof TransportFailure && (error.sent || signal?.aborted === true);
  if (isOpen && cause instanceof Error) return { kind: 'unknown', cause };
  throw cause;
}

/** The error for a request that got no answer. Others pass unchanged. */
export function failure(doing: Doing, place: Place, error: unknown, signal?: AbortSignal): unknown {
  if (!(error instanceof TransportFailure)) return error;
  if (signal?.aborted) return storageAborted(doing.action, doing.key, signal.reason);
  // The parser of node:http names what it cannot read so.
  if (error.message.startsWith('HPE_')) return notS3(doing, place, 'does not speak HTTP', error);
  const what = error.sent ? 'gave no answer' : 'cannot be reached';
  return s3Failed(doing, place, `${place.endpoint} ${what} (${error.message})`, error);
}

/** The error for an answer that is none of those hoped for. */
export function refusal(doing: Doing, place: Place, answer: HttpAnswer): KittiwakeError {
  const code = codeOf(answer);
  if (code === undefined) return withoutCode(doing, place, answer);
  if (code === 'NoSuchBucket') return bucketAbsent(doing, place);
  if (code === 'RequestTimeTooSkewed') return skewed(doing, place, answer);
  const region = regionOf(answer);
  if (WRONG_REGION.includes(code) && region !== place.region) return regionWrong(doing, place, region);
  const denied = DENIALS[code] ?? (answer.status === 403 ? DENIALS.AccessDenied : undefined);
  if (denied !== undefined) return s3Denied(doing, place, code, denied);
  return s3Failed(doing, place, `${place.endpoint} answered ${describe(answer)}`);
}

const WRONG_REGION: readonly string[] = [
  'AuthorizationHeaderMalformed',
  'PermanentRedirect',
  'TemporaryRedirect',
  'Redirect',
  'IllegalLocationConstraintException',
];

const DENIALS: Readonly<Record<string, string>> = {
  AccessDenied: 'these credentials do not have the permission',
  AccountProblem: 'the account has a problem',
  AllAccessDisabled: 'all access is disabled',
  ExpiredToken: 'the session token has expired',
  InvalidAccessKeyId: 'the access key is not known there',
  InvalidToken: 'the session token is not valid',
  SignatureDoesNotMatch: 'the signature is refused, the secret access key must be the one of this access key',
};

function skewed(doing: Doing, place: Place, { bytes, headers }: HttpAnswer): KittiwakeError {
  const xml = bytes.toString();
  const theirs = textOf(xml, 'ServerTime') ?? headers.date ?? 'another time';
  return clockSkewed(doing, place, textOf(xml, 'RequestTime'), theirs);
}

/** HEAD requests are answered without a body; everything else of S3 has a code. */
function withoutCode(doing: Doing, place: Place, answer: HttpAnswer): KittiwakeError {
  const { status, headers, bytes } = answer;
  const isS3 = bytes.length === 0 && headers['x-amz-request-id'] !== undefined;
  if (isS3 && status === 403) return s3Denied(doing, place, '403', DENIALS.AccessDenied ?? '');
  if (isS3 && (status === 301 || status === 400)) return regionWrong(doing, place, regionOf(answer));
  if (isS3 || status >= 500) return s3Failed(doing, place, `${place.endpoint} answered ${status}`);
  const type = headers['content-type'] ?? 'no content type';
  return notS3(doing, place, `answered ${status} with ${type}`);
}

function regionOf({ headers, bytes }: HttpAnswer): string | undefined {
  const header = headers['x-amz-bucket-region'];
  if (typeof header === 'string') return header;
  const xml = bytes.toString();
  const [, named] = /\.s3[.-]([a-z0-9-]+)\.amazonaws\./.exec(textOf(xml, 'Endpoint') ?? '') ?? [];
  return textOf(xml, 'Region') ?? named;
}

/** The code of an error, by which S3 tells them apart. */
export function codeOf({ status, bytes }: HttpAnswer): string | undefined {
  if (status < 300 || bytes.length > 65_536) return undefined;
  const xml = bytes.toString();
  return xml.includes('<Error') ? textOf(xml, 'Code') : undefined;
}

function describe(answer: HttpAnswer): string {
  const message = textOf(answer.bytes.toString(), 'Message');
  const code = codeOf(answer);
  if (code === undefined) return `${answer.status}`;
  return `${answer.status} ${code}${message === undefined || message === '' ? '' : `: ${message}`}`;
}

/**
 * The ETag in its quotes, whether or not the server sent them: so that no version is the beginning of another. (Ceph 16
 * takes a longer tag in `If-Match` for the one it begins with.)
 */
export function versionOf({ headers }: HttpAnswer): Version | undefined {
  const [, tag = ''] = /^(?:W\/)?"?(.*?)"?$/.exec(headers.etag ?? '') ?? [];
  return tag === '' ? undefined : `"${tag}"`;
}

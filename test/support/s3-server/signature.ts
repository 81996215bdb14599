import { timingSafeEqual } from 'node:crypto';
import { signatureOf } from './canonical-request.ts';
import { checkClock, findSigner, parseTimestamp, type SignatureRules, type Signer } from './credentials.ts';
import type { S3Request } from './request.ts';
import { S3Error } from './s3-error.ts';

/** A request whose signature is right; its content is not looked at yet. */
export interface Verified {
  signer: Signer;
  signature: string;
  timestamp: string;
  /** What the signer says of the content: a hash in hex, `UNSIGNED-PAYLOAD` or a kind of `STREAMING-…`. */
  payloadHash: string;
}

/**
 * Verifies Signature Version 4, in the Authorization header or in the query.
 * @throws S3Error when it is absent, wrong, too old, or by somebody unknown
 */
export function verifySignature(rules: SignatureRules, request: S3Request): Verified {
  if (request.query.has('X-Amz-Algorithm')) return verifyQuery(rules, request);
  const { authorization } = request.headers;
  if (authorization === undefined) throw new S3Error('AccessDenied', 'Access Denied');
  return verifyHeader(rules, request, authorization);
}

const HEADER = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

function verifyHeader(rules: SignatureRules, request: S3Request, authorization: string): Verified {
  const [, scope = '', signedHeaders = '', signature = ''] = HEADER.exec(authorization) ?? [];
  if (scope === '') {
    throw new S3Error('AuthorizationHeaderMalformed', 'The authorization header is malformed');
  }
  const { headers } = request;
  const signer = findSigner(rules, scope, headers['x-amz-security-token']);
  const { 'x-amz-date': timestamp = '', 'x-amz-content-sha256': payloadHash } = headers;
  checkClock(rules, timestamp);
  if (payloadHash === undefined) {
    throw new S3Error(
      'MissingSecurityHeader',
      'Missing required header for this request: x-amz-content-sha256',
    );
  }
  const verified = { signer, signature, timestamp, payloadHash };
  compare(request, request.query, signedHeaders.split(';'), verified);
  return verified;
}

function verifyQuery(rules: SignatureRules, request: S3Request): Verified {
  const query = new Map(request.query);
  const take = (name: string): string => query.get(`X-Amz-${name}`) ?? '';
  const signature = take('Signature');
  query.delete('X-Amz-Signature');
  const timestamp = take('Date');
  const signer = findSigner(rules, take('Credential'), query.get('X-Amz-Security-Token'));
  checkExpiry(rules, timestamp, take('Expires'));
  const payloadHash = request.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  const verified = { signer, signature, timestamp, payloadHash };
  compare(request, query, take('SignedHeaders').split(';'), verified);
  return verified;
}

const MAX_EXPIRES_SECONDS = 604_800;

function checkExpiry(rules: SignatureRules, timestamp: string, expires: string): void {
  if (!/^\d+$/.test(expires) || Number(expires) > MAX_EXPIRES_SECONDS) {
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Expires must be a number up to 604800');
  }
  const startMs = parseTimestamp(timestamp);
  if (startMs > rules.nowMs + 15 * 60_000) throw new S3Error('AccessDenied', 'Request is not yet valid');
  const endMs = startMs + Number(expires) * 1000;
  if (rules.nowMs <= endMs) return;
  throw new S3Error('AccessDenied', 'Request has expired', {
    'X-Amz-Expires': expires,
    Expires: new Date(endMs).toISOString(),
    ServerTime: new Date(rules.nowMs).toISOString(),
  });
}

function compare(
  request: S3Request,
  query: ReadonlyMap<string, string>,
  signedHeaders: readonly string[],
  { signer, signature, timestamp, payloadHash }: Verified,
): void {
  checkSignedHeaders(request, signedHeaders);
  const { method, path, headers } = request;
  const parts = { method, path, query, headers, signedHeaders, payloadHash, timestamp };
  const expected = signatureOf({ ...parts, region: signer.signedRegion }, signer.secretAccessKey);
  const isSameDay = timestamp.startsWith(signer.day);
  if (isSameDay && isEqual(expected, signature)) return;
  throw new S3Error(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
    { AWSAccessKeyId: signer.accessKeyId, SignatureProvided: signature },
  );
}

/** The host and all headers of S3's own must be signed. */
function checkSignedHeaders({ headers }: S3Request, signed: readonly string[]): void {
  const missing = Object.keys(headers).filter(
    name => (name === 'host' || name.startsWith('x-amz-')) && !signed.includes(name),
  );
  if (missing.length === 0) return;
  throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
    HeadersNotSigned: missing.join(', '),
  });
}

/** Compares two signatures. */
export function isEqual(expected: string, given: string): boolean {
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

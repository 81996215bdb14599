import { decodeChunks } from './aws-chunked.ts';
import { hmac, scopeOf, sha256Hex, signingKey } from './canonical-request.ts';
import type { S3Request } from './request.ts';
import { S3Error } from './s3-error.ts';
import { isEqual, type Verified } from './signature.ts';

/** The content of a request, and the headers with the trailers. */
export interface Payload {
  body: Buffer;
  headers: Readonly<Record<string, string>>;
}

/**
 * Compares the content with what was signed, and removes the framing of `aws-chunked`.
 * @throws S3Error `XAmzContentSHA256Mismatch`, `SignatureDoesNotMatch`, `IncompleteBody`, `InvalidRequest`
 */
export function verifiedPayload(request: S3Request, verified: Verified): Payload {
  const { headers, rawBody } = request;
  if (verified.payloadHash.startsWith('STREAMING-')) return streamed(request, verified);
  if (verified.payloadHash === 'UNSIGNED-PAYLOAD') return { body: rawBody, headers };
  const actual = sha256Hex(rawBody);
  if (actual === verified.payloadHash) return { body: rawBody, headers };
  throw new S3Error(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { ClientComputedContentSHA256: verified.payloadHash, S3ComputedContentSHA256: actual },
  );
}

const EMPTY_HASH = sha256Hex('');

function streamed({ headers, rawBody }: S3Request, verified: Verified): Payload {
  const { chunks, trailers, rawTrailers, trailerSignature } = decodeChunks(rawBody);
  const body = Buffer.concat(chunks.map(chunk => chunk.bytes));
  if (String(body.length) !== headers['x-amz-decoded-content-length']) {
    throw new S3Error('IncompleteBody', 'The number of bytes is not that of x-amz-decoded-content-length');
  }
  if (verified.payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')) {
    let previous = verified.signature;
    for (const { bytes, signature } of chunks) {
      previous = checkChunk(verified, previous, 'PAYLOAD', `${EMPTY_HASH}\n${sha256Hex(bytes)}`, signature);
    }
    if (rawTrailers !== '')
      checkChunk(verified, previous, 'TRAILER', sha256Hex(rawTrailers), trailerSignature);
  }
  return { body, headers: { ...headers, ...trailers } };
}

/** Each chunk is signed with the signature of the one before it. */
function checkChunk(
  { signer, timestamp }: Verified,
  previous: string,
  kind: 'PAYLOAD' | 'TRAILER',
  hashes: string,
  signature: string,
): string {
  const parts = { timestamp, region: signer.signedRegion };
  const text = [`AWS4-HMAC-SHA256-${kind}`, timestamp, scopeOf(parts), previous, hashes].join('\n');
  const expected = hmac(signingKey(signer.secretAccessKey, parts), text).toString('hex');
  if (isEqual(expected, signature)) return signature;
  throw new S3Error('SignatureDoesNotMatch', 'The signature of a chunk does not match');
}

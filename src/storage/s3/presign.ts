import type { Presigned, PresignRequest } from '../byte-store.ts';
import type { BucketAddress } from './address.ts';
import type { Credentials } from './credentials.ts';
import { expiryInvalid } from './errors.ts';
import { encodePath, type Signer } from './signer.ts';

/** A week: what S3 allows. */
const MAX_EXPIRY_SECONDS = 604_800;

/**
 * @param request `part`: it is for a part of an upload, which has no type
 * @throws KittiwakeError `storage_failed` for an expiry that S3 refuses
 */
export function presignRequest(
  address: BucketAddress,
  signer: Signer,
  object: string,
  request: PresignRequest & { part?: readonly [string, string][] },
  credentials: Credentials,
  nowMs: number,
): Presigned {
  const { method, expiresInSeconds } = request;
  if (
    !(Number.isInteger(expiresInSeconds) && expiresInSeconds > 0 && expiresInSeconds <= MAX_EXPIRY_SECONDS)
  ) {
    throw expiryInvalid(expiresInSeconds, MAX_EXPIRY_SECONDS);
  }
  const path = `${address.path}/${encodePath(object)}`;
  const headers = method === 'PUT' ? requestHeaders(request) : {};
  const query = method === 'GET' ? answerHeaders(request) : (request.part ?? []);
  const signable = { method, path, query, headers: { ...headers, host: address.host } };
  const signed = signer.presignedQuery(signable, credentials, nowMs, expiresInSeconds);
  const expiresAtMs = nowMs + expiresInSeconds * 1000;
  return {
    url: `${address.origin.protocol}//${address.host}${path}?${signed}`,
    headers,
    expiresAtMs: Math.min(expiresAtMs, credentials.expiresAtMs ?? expiresAtMs),
  };
}

/** Signed, so that a client that sends others is refused. */
function requestHeaders(request: PresignRequest & { part?: unknown }): Record<string, string> {
  const { contentType = 'application/octet-stream', sizeBytes, part } = request;
  const headers: Record<string, string> = part === undefined ? { 'content-type': contentType } : {};
  if (sizeBytes !== undefined) headers['content-length'] = String(sizeBytes);
  return headers;
}

function answerHeaders({ contentType, disposition }: PresignRequest): [string, string][] {
  const query: [string, string][] = [];
  if (contentType !== undefined) query.push(['response-content-type', contentType]);
  if (disposition !== undefined) query.push(['response-content-disposition', disposition]);
  return query;
}

import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import {
  awsEncodePath,
  canonicalQuery,
  type SignedParts,
  scopeOf,
  sha256Hex,
  signatureOf,
} from './canonical-request.ts';
import type { ServerCredentials } from './credentials.ts';

/** Where requests go, and who signs them. */
export interface S3Target {
  endpoint: string;
  region: string;
  credentials: ServerCredentials;
  /** Default: a connection for each request. */
  agent?: Agent;
}

export interface RawRequest {
  method: string;
  /** Decoded, with the bucket: `/wikis/some/key`. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** What is said of the body. Default: its hash. */
  payloadHash?: string;
  /** Milliseconds since the epoch. Default: now. */
  signedMs?: number;
}

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

/** Sends one request, signed in its headers. Rejects when there is no complete answer. */
export function signedRequest(target: S3Target, wanted: RawRequest): Promise<RawAnswer> {
  const { parts, headers } = partsOf(target, wanted);
  const { accessKeyId, secretAccessKey } = target.credentials;
  const authorization = [
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scopeOf(parts)}`,
    `SignedHeaders=${parts.signedHeaders.join(';')}`,
    `Signature=${signatureOf(parts, secretAccessKey)}`,
  ].join(', ');
  return sendRaw(target, wanted, urlPath(parts.path, parts.query), { ...headers, authorization });
}

/** The URL of a request that anybody may send for `expiresSeconds`. */
export function presignedUrl(target: S3Target, wanted: RawRequest, expiresSeconds: number): string {
  const { accessKeyId, secretAccessKey, sessionToken } = target.credentials;
  const timestamp = timestampOf(wanted.signedMs ?? Date.now());
  const headers: Record<string, string> = { host: new URL(target.endpoint).host, ...wanted.headers };
  const signedHeaders = Object.keys(headers).sort();
  const query = new Map(Object.entries(wanted.query ?? {}));
  query.set('X-Amz-Algorithm', 'AWS4-HMAC-SHA256');
  query.set('X-Amz-Credential', `${accessKeyId}/${scopeOf({ timestamp, region: target.region })}`);
  query.set('X-Amz-Date', timestamp);
  query.set('X-Amz-Expires', String(expiresSeconds));
  query.set('X-Amz-SignedHeaders', signedHeaders.join(';'));
  if (sessionToken !== undefined) query.set('X-Amz-Security-Token', sessionToken);
  const { method, path } = wanted;
  const payloadHash = 'UNSIGNED-PAYLOAD';
  const parts = {
    method,
    path,
    query,
    headers,
    signedHeaders,
    payloadHash,
    timestamp,
    region: target.region,
  };
  query.set('X-Amz-Signature', signatureOf(parts, secretAccessKey));
  return `${target.endpoint}${urlPath(path, query)}`;
}

/** Sends a request as it is, to this path and query. */
export function sendRaw(
  { endpoint, agent }: Pick<S3Target, 'endpoint' | 'agent'>,
  { method, body = '' }: Pick<RawRequest, 'method' | 'body'>,
  path: string,
  headers: Record<string, string>,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path, headers, agent: agent ?? false };
    const request = httpRequest(options, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0 } = response;
        resolve({ status, headers: response.headers, body: bytes, text: bytes.toString() });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function partsOf(
  target: S3Target,
  wanted: RawRequest,
): { parts: SignedParts; headers: Record<string, string> } {
  const { method, path, body = '', payloadHash = sha256Hex(body) } = wanted;
  const { sessionToken } = target.credentials;
  const timestamp = timestampOf(wanted.signedMs ?? Date.now());
  const headers: Record<string, string> = {
    host: new URL(target.endpoint).host,
    'x-amz-date': timestamp,
    'x-amz-content-sha256': payloadHash,
    'content-length': String(Buffer.byteLength(body)),
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    ...wanted.headers,
  };
  const signedHeaders = Object.keys(headers).sort();
  const query = new Map(Object.entries(wanted.query ?? {}));
  const { region } = target;
  return { parts: { method, path, query, headers, signedHeaders, payloadHash, timestamp, region }, headers };
}

function urlPath(path: string, query: ReadonlyMap<string, string>): string {
  const text = canonicalQuery(query);
  return `${awsEncodePath(path)}${text === '' ? '' : `?${text}`}`;
}

function timestampOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+|[-:]/g, '');
}

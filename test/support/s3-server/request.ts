import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

/** One request as the operations see it. */
export interface S3Request {
  readonly method: string;
  /** The path as it was sent, decoded; the bucket is part of it in path style. */
  readonly path: string;
  /** Empty for requests to the service as a whole. */
  readonly bucket: string;
  /** Empty for requests to a bucket. */
  readonly key: string;
  /** Decoded. A parameter without a value is the empty text. */
  readonly query: ReadonlyMap<string, string>;
  /** Names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** As sent; of an `aws-chunked` body the chunks with their framing. */
  readonly rawBody: Buffer;
  /** `performance.now()` when the head of the request had arrived. */
  readonly startedMs: number;
}

/** An answer to send. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: Buffer;
}

/**
 * Takes a request apart: `<bucket>.<domain>` in the Host header is virtual-host style, anything else path style.
 * @throws S3Error `InvalidArgument` for a path that is not percent-encoded UTF-8
 */
export function parseRequest(
  message: IncomingMessage,
  rawBody: Buffer,
  domain: string,
  startedMs: number,
): S3Request {
  const [rawPath = '/', rawQuery = ''] = splitOnce(message.url ?? '/', '?');
  const headers = flatHeaders(message);
  const path = decode(rawPath);
  return {
    method: message.method ?? 'GET',
    path,
    ...place(path, hostBucket(headers.host ?? '', domain)),
    query: parseQuery(rawQuery),
    headers,
    rawBody,
    startedMs,
  };
}

function place(path: string, bucketOfHost: string | undefined): { bucket: string; key: string } {
  if (bucketOfHost !== undefined) return { bucket: bucketOfHost, key: path.slice(1) };
  const [bucket = '', key = ''] = splitOnce(path.slice(1), '/');
  return { bucket, key };
}

function hostBucket(host: string, domain: string): string | undefined {
  const name = host.replace(/:\d+$/, '');
  return name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : undefined;
}

function parseQuery(raw: string): Map<string, string> {
  const parameters = raw.split('&').filter(part => part !== '');
  return new Map(
    parameters.map(part => {
      const [name = '', value = ''] = splitOnce(part, '=');
      return [decode(name), decode(value)];
    }),
  );
}

function flatHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidArgument', `"${text}" is not percent-encoded UTF-8`);
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

import type { Credentials } from './credentials.ts';

/** A request as it is signed. Names of headers are lower case; all headers given are signed. */
export interface SignableRequest {
  method: string;
  /** As it is sent, encoded by {@link encodePath}. */
  path: string;
  /** Not encoded. */
  query: readonly (readonly [name: string, value: string])[];
  /** With `host`. */
  headers: Readonly<Record<string, string>>;
}

export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Signs requests by AWS Signature Version 4, in headers or in the query, with the single encoding of paths that S3 wants.
 * The key of a day is made once.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export class Signer {
  readonly #region: string;
  #key: { day: string; secret: string; bytes: Buffer } | undefined;

  constructor(region: string) {
    this.#region = region;
  }

  /** All headers of the request: those given, and those of the signature. `payloadHash` is in lower-case hex. */
  headers(
    request: SignableRequest,
    payloadHash: string,
    credentials: Credentials,
    nowMs: number,
  ): Record<string, string> {
    const time = amzTime(nowMs);
    const headers: Record<string, string> = {
      ...request.headers,
      'x-amz-content-sha256': payloadHash,
      'x-amz-date': time,
    };
    if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken;
    const names = Object.keys(headers).sort();
    const signature = this.#sign({ ...request, headers }, names, payloadHash, credentials, time);
    const credential = `${credentials.accessKeyId}/${this.#scope(time)}`;
    headers.authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    return headers;
  }

  /** The query, encoded, with which anybody may send the request in the next `expiresInSeconds`, whatever its body. */
  presignedQuery(
    request: SignableRequest,
    credentials: Credentials,
    nowMs: number,
    expiresInSeconds: number,
  ): string {
    const time = amzTime(nowMs);
    const names = Object.keys(request.headers).sort();
    const query: [string, string][] = [
      ...request.query.map(([name, value]): [string, string] => [name, value]),
      ['X-Amz-Algorithm', ALGORITHM],
      ['X-Amz-Credential', `${credentials.accessKeyId}/${this.#scope(time)}`],
      ['X-Amz-Date', time],
      ['X-Amz-Expires', String(expiresInSeconds)],
      ['X-Amz-SignedHeaders', names.join(';')],
    ];
    if (credentials.sessionToken !== undefined) {
      query.push(['X-Amz-Security-Token', credentials.sessionToken]);
    }
    const signature = this.#sign({ ...request, query }, names, UNSIGNED_PAYLOAD, credentials, time);
    return `${encodeQuery(query)}&X-Amz-Signature=${signature}`;
  }

  #sign(
    { method, path, query, headers }: SignableRequest,
    names: readonly string[],
    payloadHash: string,
    { secretAccessKey }: Credentials,
    time: string,
  ): string {
    const { createHash, createHmac } = process.getBuiltinModule('node:crypto');
    const lines = names.map(name => `${name}:${(headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')}\n`);
    const canonical = [method, path, encodeQuery(query), lines.join(''), names.join(';'), payloadHash];
    const hash = createHash('sha256').update(canonical.join('\n')).digest('hex');
    const text = [ALGORITHM, time, this.#scope(time), hash].join('\n');
    return createHmac('sha256', this.#keyOf(secretAccessKey, time.slice(0, 8)))
      .update(text)
      .digest('hex');
  }

  #scope(time: string): string {
    return `${time.slice(0, 8)}/${this.#region}/s3/aws4_request`;
  }

  #keyOf(secret: string, day: string): Buffer {
    if (this.#key?.day === day && this.#key.secret === secret) return this.#key.bytes;
    const { createHmac } = process.getBuiltinModule('node:crypto');
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const parts = [day, this.#region, 's3', 'aws4_request'];
    const bytes = parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
    this.#key = { day, secret, bytes };
    return bytes;
  }
}

/** A path of unencoded segments, percent-encoded as S3 signs it: all but unreserved characters and the slash. */
export function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}

/** Sorted as it is signed. */
export function encodeQuery(query: SignableRequest['query']): string {
  const pairs = query.map(([name, value]) => [encode(name), encode(value)] as const);
  pairs.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** ISO 8601 in its basic form, by the second. */
function amzTime(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

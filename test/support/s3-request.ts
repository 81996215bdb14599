import { createHash, createHmac } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface S3Access {
  /** `http://host:port`; buckets are the first part of the path. */
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface S3Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Sends one request, once. `path` is encoded already; `query` is not. Rejects when there is no complete answer. */
export type S3Request = (
  method: string,
  path: string,
  options?: { body?: string | Buffer; headers?: Record<string, string>; query?: Record<string, string> },
) => Promise<S3Reply>;

/**
 * The plainest client of S3: requests signed as in
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, answers as they come. Knows nothing of
 * Kittiwake, so that what it sees of a server is what the server does.
 */
export function s3Requests(access: S3Access): S3Request {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return (method, path, { body = '', headers = {}, query = {} } = {}) =>
    new Promise((resolve, reject) => {
      const search = canonicalQuery(query);
      const url = new URL(`${access.endpoint}${path}?${search}`);
      const signed = sign(access, { method, url, search, body, headers });
      const sent = request(url, {
        method,
        agent,
        headers: { ...signed, 'content-length': Buffer.byteLength(body) },
      });
      sent.once('error', reject).once('response', response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk)).once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.end(body);
    });
}

interface Unsigned {
  method: string;
  url: URL;
  search: string;
  body: string | Buffer;
  headers: Record<string, string>;
}

function sign({ accessKeyId, secretAccessKey }: S3Access, { method, url, search, body, headers }: Unsigned) {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const hash = createHash('sha256').update(body).digest('hex');
  const all = { ...headers, host: url.host, 'x-amz-content-sha256': hash, 'x-amz-date': time };
  const lines = Object.entries(all).sort(([left], [right]) => (left < right ? -1 : 1));
  const names = lines.map(([name]) => name).join(';');
  const text = lines.map(([name, value]) => `${name}:${value.trim()}\n`).join('');
  const canonical = [method, url.pathname, search, text, names, hash].join('\n');
  const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, digest].join('\n')).toString('hex');
  const credential = `${accessKeyId}/${scope}`;
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

function canonicalQuery(query: Record<string, string>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.sort().join('&');
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

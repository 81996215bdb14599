import type { Agent, IncomingHttpHeaders } from 'node:http';

/** A bucket and who may write to it. */
export interface S3Target {
  /** `http://127.0.0.1:8000`; buckets are the first part of the path. */
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

export interface PlainAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** One signed request. `key` needs no encoding; an empty one is the bucket. */
export type PlainS3 = (
  method: string,
  key: string,
  body?: Buffer,
  headers?: Record<string, string>,
) => Promise<PlainAnswer>;

/**
 * The least that a client of S3 does: a request of Node's own over a kept connection, signed as in
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. Needs no module but these two.
 */
export function plainS3(target: S3Target): PlainS3 {
  const url = new URL(target.endpoint);
  const http =
    url.protocol === 'https:'
      ? process.getBuiltinModule('node:https')
      : process.getBuiltinModule('node:http');
  const agent: Agent = new http.Agent({ keepAlive: true });
  const { hostname, port, host } = url;
  return (method, key, body = Buffer.alloc(0), headers = {}) => {
    const path = `/${target.bucket}${key === '' ? '' : `/${key}`}`;
    const signed = sign(target, method, path, body, { ...headers, host });
    return new Promise((resolve, reject) => {
      const sent = http.request(
        { agent, hostname, port, method, path, headers: { ...signed, 'content-length': body.length } },
        answer => {
          const chunks: Buffer[] = [];
          answer.on('data', chunk => chunks.push(chunk)).once('error', reject);
          answer.once('end', () => {
            const { statusCode: status = 0, headers: said } = answer;
            resolve({ status, headers: said, body: Buffer.concat(chunks) });
          });
        },
      );
      sent.once('error', reject).end(body);
    });
  };
}

function sign(
  { region, accessKeyId, secretAccessKey, sessionToken }: S3Target,
  method: string,
  path: string,
  body: Buffer,
  headers: Record<string, string>,
): Record<string, string> {
  const { createHash, createHmac } = process.getBuiltinModule('node:crypto');
  const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');
  const time = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const hash = sha256(body);
  const token = sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken };
  const all: Record<string, string> = {
    ...headers,
    ...token,
    'x-amz-content-sha256': hash,
    'x-amz-date': time,
  };
  const names = Object.keys(all).sort();
  const lines = names.map(name => `${name}:${all[name]}\n`).join('');
  const canonical = [method, path, '', lines, names.join(';'), hash].join('\n');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const key = scope
    .split('/')
    .reduce<string | Buffer>(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      `AWS4${secretAccessKey}`,
    );
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const credential = `Credential=${accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...all, authorization };
}

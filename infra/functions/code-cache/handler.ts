import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { serveBucket } from './bucket-server.ts';
import type { SampleBucket } from './sample-bucket.ts';

/**
 * A function beside the API function, of the same files: lets them answer from a bucket that it brings itself, and returns what
 * V8 has compiled by then. What was made elsewhere V8 would refuse: it must come of the same version, flags and processor.
 * It needs no permission, and nobody but the one who deploys calls it.
 */

export interface CodeCache {
  /** All of it was there already, and V8 took it. */
  used: boolean;
  /** Base64 by file name, to be put beside the function's files. */
  files: Record<string, string>;
}

/** What the entry of the API function exports, besides what its chunks need. */
interface Entry {
  handler(event: unknown, stream: Writable, context: unknown): Promise<void>;
  bufferedHandler(event: unknown, context: unknown): Promise<{ statusCode?: number; body?: string }>;
  $keep(): [name: string, bytes: Buffer][];
  $used(): boolean;
}

const KEY = 'code-cache';

export async function handler(): Promise<CodeCache> {
  const folder = import.meta.dirname;
  const sample: SampleBucket = JSON.parse(readFileSync(join(folder, 'code-cache.json'), 'utf8'));
  const bucket = await serveBucket(sample.objects);
  try {
    Object.assign(process.env, environment(bucket.endpoint, sample.uuid));
    const entry: Entry = await import(join(folder, 'index.mjs'));
    await exercise(entry, sample);
    const files = entry.$keep().map(([name, bytes]) => [name, bytes.toString('base64')] as const);
    return { used: entry.$used(), files: Object.fromEntries(files) };
  } finally {
    await bucket.close();
  }
}

function environment(endpoint: string, uuid: string): Record<string, string> {
  return {
    KITTIWAKE_STORE: 's3://code-cache',
    KITTIWAKE_S3_ADDRESSING: 'path',
    KITTIWAKE_WIKI: uuid,
    KITTIWAKE_API_KEY: KEY,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'code-cache',
    AWS_SECRET_ACCESS_KEY: 'code-cache',
  };
}

/** What a first request does, for pages of either kind. */
async function exercise(entry: Entry, { recent, packed }: SampleBucket): Promise<void> {
  for (const page of [recent, packed]) {
    const { revision } = await ask(entry, 'GET', page);
    await ask(entry, 'PUT', page, { content: `# ${page}\n\nAnother text.\n`, revision });
  }
  await ask(entry, 'PUT', 'Notes/New', { content: '# New\n\nA [[Link]].\n' });
  await stream(entry, recent);
}

async function ask(
  entry: Entry,
  method: string,
  page: string,
  body?: unknown,
): Promise<{ revision: string }> {
  const answer = await entry.bufferedHandler(eventOf(method, page, body), CONTEXT);
  if ((answer.statusCode ?? 500) >= 300) {
    throw new Error(`Making a code cache fails: ${method} of a page is answered ${answer.statusCode}`);
  }
  return JSON.parse(answer.body ?? '');
}

/** Where the platform streams, its own stream cannot be had: one that takes everything stands for it. */
async function stream(entry: Entry, page: string): Promise<void> {
  if (!('awslambda' in globalThis)) return;
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
  Object.assign(sink, { setContentType: () => {} });
  await entry.handler(eventOf('GET', page), sink, CONTEXT);
}

const CONTEXT = { getRemainingTimeInMillis: () => 10_000, awsRequestId: 'code-cache' };

function eventOf(method: string, page: string, body?: unknown) {
  const path = `/api/v1/pages/${page}`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    requestContext: {
      domainName: 'x.lambda-url.us-east-1.on.aws',
      stage: '$default',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'code-cache' },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

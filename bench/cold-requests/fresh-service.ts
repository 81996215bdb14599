import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService, type Service } from '../../src/lazy/app.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import type { AgedWiki } from './aged-wiki.ts';

const KEY = 'bench-key';

/** What a process has that has just started: nothing in memory, no connection. The code is loaded. */
export function freshService(server: ServerUnderTest, wiki: AgedWiki, data: string): Service {
  const { target } = server;
  const env = {
    KITTIWAKE_STORE: `s3://${target.bucket}/${wiki.prefix}`,
    KITTIWAKE_WIKI: wiki.uuid,
    KITTIWAKE_DATA: data,
    KITTIWAKE_API_KEY: KEY,
    AWS_ENDPOINT_URL_S3: target.endpoint,
    AWS_REGION: target.region,
    AWS_ACCESS_KEY_ID: target.accessKeyId,
    AWS_SECRET_ACCESS_KEY: target.secretAccessKey,
  };
  const { config, secrets } = readConfig({ env });
  const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
  return createService({ config, secrets, runtime: systemRuntime, log });
}

/** An answered request with what it asked of the store, as `Server-Timing` tells it. */
export interface Asked {
  ms: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  body: any;
  requests: number;
  sequence: number;
  connects: number;
  /** Sent and received, in bytes. */
  bytes: number;
}

/** @throws Error when the answer is a refusal */
export async function ask(service: Service, method: string, path: string, content?: object): Promise<Asked> {
  const [before = '', query = ''] = path.split('?');
  const startMs = performance.now();
  const { status, headers, body } = await service.app.handle({
    method,
    path: `/api/v1${before}`,
    query,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: content === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(content)),
  });
  const ms = performance.now() - startMs;
  if (status >= 300) throw new Error(`${method} ${path} is answered with ${status}: ${String(body)}`);
  const said = /(\d+) requests?, (\d+) in sequence, (\d+) connects?, ([\d.]+) kB sent, ([\d.]+) kB/.exec(
    headers['server-timing'] ?? '',
  );
  const [requests = 0, sequence = 0, connects = 0, sent = 0, received = 0] = said?.slice(1).map(Number) ?? [];
  return {
    ms,
    body: JSON.parse(String(body)),
    requests,
    sequence,
    connects,
    bytes: 1000 * (sent + received),
  };
}

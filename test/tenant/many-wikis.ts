import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { readProjectionSettings } from '../../src/core/projection-config.ts';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import type { HttpRequest } from '../../src/http/message.ts';
import { createService, type Service } from '../../src/lazy/app.ts';
import type { Answer } from '../http/harness.ts';

export const KEY = 'test-key';
export const DOMAIN = 'wiki.example.org';

export interface ManyWikisHarness {
  readonly folder: string;
  readonly service: Service;
  /** Lines of the log. */
  readonly lines: Record<string, unknown>[];
  /** A request for the wiki of that name, or with `''` for the server itself; `path` without `/api/v1`. */
  call(wiki: string, method: string, path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  /** A request as it goes over the wire. */
  send(request: Partial<HttpRequest>): Promise<Answer>;
  /** Creates a wiki with one page of the given text; its uuid. */
  create(wiki: string, text?: string): Promise<string>;
}

type Headers = Record<string, string>;

export interface ManyWikisOptions {
  env?: Record<string, string>;
  folder?: string;
  runtime?: Runtime;
}

/** Many wikis, by host name unless `env` says otherwise, in a temporary folder, behind one application without a network. */
export async function openManyWikis(options: ManyWikisOptions = {}): Promise<ManyWikisHarness> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'kittiwake-tenants-')));
  const env = { KITTIWAKE_DATA: folder, KITTIWAKE_API_KEY: KEY, KITTIWAKE_TENANTS: `host:${DOMAIN}` };
  const { config, secrets } = readConfig({ env: { ...env, ...options.env } });
  const runtime = options.runtime ?? systemRuntime;
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({ level: 'debug', write: line => lines.push(JSON.parse(line)), now: Date.now });
  const projections = async () => readProjectionSettings({ env: options.env ?? {} });
  const service = createService({ config, secrets, projections, runtime, log });
  onTestFinished(async () => {
    await service.close();
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  });

  async function send(request: Partial<HttpRequest>): Promise<Answer> {
    const whole = { method: 'GET', path: '/', query: '', headers: {}, body: Buffer.alloc(0), ...request };
    const { status, headers, body } = await service.app.handle(whole);
    const text = String(body);
    return { status, headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  async function call(wiki: string, method: string, path: string, body?: unknown, headers: Headers = {}) {
    const { tenants } = config;
    const isByPath = tenants.kind === 'path' && wiki !== '';
    const before = isByPath ? `${tenants.prefix}/${wiki}` : '';
    const [bare = '', query = ''] = `${before}/api/v1${path}`.split('?');
    const host = wiki === '' || isByPath ? DOMAIN : `${wiki}.${DOMAIN}`;
    const type: Headers = body === undefined ? {} : { 'content-type': 'application/json' };
    return await send({
      method,
      path: bare,
      query,
      headers: { host, authorization: `Bearer ${KEY}`, ...type, ...headers },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    });
  }

  async function create(wiki: string, text?: string): Promise<string> {
    const made = await call('', 'POST', '/tenants', { name: wiki });
    if (made.status !== 201) throw new Error(`POST /tenants: ${made.status} ${made.body.error}`);
    if (text !== undefined) await call(wiki, 'PUT', '/pages/Home', { content: text });
    return made.body.tenant.uuid;
  }

  return { folder, service, lines, call, send, create };
}

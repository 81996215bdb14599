import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { readProjectionSettings } from '../../src/core/projection-config.ts';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/message.ts';
import { createService, type Service } from '../../src/lazy/app.ts';

export const KEY = 'test-key';

/** An answer with its body parsed, where it is JSON. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  body: any;
}

export interface Harness {
  readonly folder: string;
  readonly service: Service;
  /** Lines of the log. */
  readonly lines: Record<string, unknown>[];
  /** `path` without `/api/v1`, as it goes over the wire; `body` becomes JSON unless it is bytes or text. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Creates or replaces a page, whatever stands there; resolves with its revision. */
  write(path: string, content: string): Promise<string>;
  /** Text of a page; undefined when there is none. */
  text(path: string): Promise<string | undefined>;
  /** The newest commit of the repository. */
  head(): Promise<string | undefined>;
}

/** Takes what is to be done when the wiki is no longer needed. */
export type CleanUp = (step: () => Promise<void>) => void;

/** A wiki in a temporary folder behind the application, without a network. By default it is removed when the test is over. */
export async function openWiki(
  env: Record<string, string> = {},
  cleanUp: CleanUp = onTestFinished,
  runtime: Runtime = systemRuntime,
): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-http-'));
  const { config, secrets } = readConfig({
    env: { KITTIWAKE_DATA: folder, KITTIWAKE_API_KEY: KEY, ...env },
  });
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({ level: 'debug', write: line => lines.push(JSON.parse(line)), now: Date.now });
  const projections = async () => readProjectionSettings({ env });
  const service = createService({ config, secrets, projections, runtime, log });
  await service.createWiki();
  cleanUp(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const url = `/api/v1${path}`;
    const mark = url.indexOf('?');
    const request: HttpRequest = {
      method,
      path: mark < 0 ? url : url.slice(0, mark),
      query: mark < 0 ? '' : url.slice(mark + 1),
      headers: { authorization: `Bearer ${KEY}`, ...json(body), ...headers },
      body: bytesOf(body),
    };
    const response = await service.app.handle(request);
    const text = await textOf(response.body);
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : isJson(response.headers) ? JSON.parse(text) : text,
    };
  }

  return {
    folder,
    service,
    lines,
    call,
    async write(path, content) {
      const current = await call('GET', `/pages/${path}`);
      const revision = current.body.revision;
      const { status, body } = await call('PUT', `/pages/${path}`, { content, revision });
      if (status >= 300) throw new Error(`PUT ${path}: ${status} ${body.error}`);
      return body.revision;
    },
    async text(path) {
      const { status, body } = await call('GET', `/pages/${path}`);
      return status === 200 ? body.content : undefined;
    },
    async head() {
      const repository = await service.repository();
      return (await repository.view()).head;
    },
  };
}

/** Of an answer that is streamed, too. */
async function textOf(body: HttpResponse['body']): Promise<string> {
  if (typeof body === 'string' || body instanceof Uint8Array) return String(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function isJson(headers: Record<string, string>): boolean {
  return !/^(?:text\/html|application\/x-ndjson)/.test(headers['content-type'] ?? '');
}

function json(body: unknown): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A refusal as [status, error text]. */
export function refusal({ status, body }: Answer): [number, string] {
  return [status, body.error];
}

export const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/;
export const REVISION = /^[0-9a-f]{40}$/;

import type { SQSBatchResponse } from 'aws-lambda';
import { expect, onTestFinished } from 'vitest';
import type { Runtime } from '../../src/core/runtime.ts';
import { createImportHandler } from '../../src/handler/import.ts';
import type { ImportContext } from '../../src/handler/import-context.ts';
import { createProjectHandler } from '../../src/handler/project.ts';
import type { Service } from '../../src/lazy/app.ts';
import { ask, freshService } from '../integration/round-trips-support.ts';
import {
  CONTEXT,
  type FunctionBed,
  functionBed,
  functionFolder,
  logLines,
  notice,
  queueEvent,
  SCHEDULE,
} from './queue-support.ts';

const SETTINGS = {
  KITTIWAKE_IMPORT_WAKES: 'true',
  KITTIWAKE_IMPORT_WORKERS: '0',
  KITTIWAKE_IMPORT_BATCH: '1MiB',
  KITTIWAKE_METRICS: 'emf',
};

/** The functions of a stack, as far as imports need them. */
export interface ImportBed extends FunctionBed {
  api: Service;
  /** Where the functions have temporary files. */
  folder: string;
  /** What the functions that import and project log. */
  lines: Record<string, unknown>[];
  /** Makes an import and sends its source; resolves with its id. */
  start(text: string, wish?: object): Promise<string>;
  job(id: string): Promise<Record<string, unknown>>;
  /** Keys of the wakes that nobody has served. */
  wakes(): Promise<string[]>;
  /** Has a new import function get the notices of these keys, one after the other. */
  deliver(
    keys: readonly string[],
    options?: { context?: ImportContext; runtime?: Runtime },
  ): Promise<string[]>;
  runSchedule(): Promise<unknown>;
}

export async function importBed(more: Record<string, string> = {}, born = true): Promise<ImportBed> {
  const bed = await functionBed({ born });
  const folder = functionFolder();
  const environment = () => ({ ...bed.environment(), ...SETTINGS, KITTIWAKE_DATA: folder, ...more });
  const { service: api } = freshService(environment(), bed.runtime);
  onTestFinished(() => api.close());
  const { lines, write } = logLines();
  const handle = async (body: string, { context = CONTEXT, runtime = bed.runtime }) => {
    const handler = createImportHandler({ env: environment(), runtime, write });
    return failedOf(await handler(queueEvent(body), context));
  };
  return {
    ...bed,
    folder,
    api,
    lines,
    async start(text, wish = {}) {
      const { body, status } = await ask(api, 'POST', '/imports', { ...source(text), ...wish });
      expect(status).toBe(201);
      await sendSource(api, `/imports/${body.id}/source`, text);
      return body.id;
    },
    job: async id => (await ask(api, 'GET', `/imports/${id}`)).body,
    wakes: () => wakesIn(api),
    async deliver(keys, options = {}) {
      const failed: string[] = [];
      for (const key of keys) failed.push(...(await handle(notice(key), options)));
      return failed;
    },
    runSchedule: () =>
      createProjectHandler({ env: environment(), runtime: bed.runtime, write })(SCHEDULE, CONTEXT),
  };
}

/** What an import of a table is started with. */
export function source(text: string): { name: string; size: number } {
  return { name: 'canary-name.csv', size: Buffer.byteLength(text) };
}

/** @param path below `/api/v1` */
export async function sendSource(api: Service, path: string, text: string, before = ''): Promise<void> {
  const { status } = await api.app.handle({
    method: 'PUT',
    path: `${before}/api/v1${path}`,
    query: '',
    headers: { authorization: 'Bearer test-key', 'content-type': 'text/csv' },
    body: Buffer.from(text),
  });
  expect(status).toBe(202);
}

export async function wakesIn({ store }: Service): Promise<string[]> {
  return (await (await store()).list('wakes/')).objects.map(({ key }) => key);
}

function failedOf({ batchItemFailures }: SQSBatchResponse): string[] {
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** A table of so many pages, each of about a kilobyte. */
export function tableOf(count: number): string {
  const rows = Array.from({ length: count }, (_, n) => `Birds/P${n},canary-text ${n} ${'gull '.repeat(200)}`);
  return ['path,content', ...rows, ''].join('\n');
}

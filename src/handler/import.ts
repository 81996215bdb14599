import { rm } from 'node:fs/promises';
import type { SQSBatchResponse } from 'aws-lambda';
import { systemRuntime } from '../core/runtime.ts';
import { importLate } from '../import/errors.ts';
import type { StoredImport } from '../import/git/import-stored.ts';
import { isResultKey } from '../import/import-result.ts';
import { eventUnknown } from './errors.ts';
import type { ImportContext } from './import-context.ts';
import { withImportedWiki } from './import-wiki.ts';
import type { HandlerOptions, OpenedService } from './open-service.ts';
import { failuresOf, isQueueEvent, messagesOf, type WrittenObject } from './queue-event.ts';
import { memoryBytes, queueService, storeKey } from './queue-service.ts';
import { writeLine } from './write-line.ts';

export type ImportHandler = (event: unknown, context: ImportContext) => Promise<SQSBatchResponse>;

export interface ImportHandlerOptions extends HandlerOptions {
  /** Of a source. Default: half of the function's memory, at most 2 GiB. */
  maxBytes?: number;
}

/** What is kept back of the function's time to write the result. */
const RESERVE_MS = 10_000;
/** A run is hardly long enough for more: 416 MB take three minutes. */
const MAX_BYTES = 2 ** 31 - 1;
/** The peak was 1.5 times the size of a bundle of 416 MB and 246,000 objects; it follows these more than the size. */
const MEMORY_RATIO = 2;
const FOLDER = 'imports';

/**
 * Imports git bundles that are put into the store under `imports/`, told of by notices of S3 through a queue; where there are many
 * wikis, under `imports/<name>/`. What can be told of a
 * source lies in `<key>.result.json` afterwards; what may go better next time fails the message, which then comes again. Wakes, under
 * `wakes/`, have it work on jobs.
 */
export function createImportHandler(options: ImportHandlerOptions): ImportHandler {
  const open = queueService('import', options);
  let isTidy = false;
  return async (event, context) => {
    if (!isQueueEvent(event)) throw eventUnknown();
    const opened = open(context);
    // A process that ended in the midst of an import has left a copy.
    if (!isTidy) await rm(`${opened.config.data}/${FOLDER}`, { recursive: true, force: true });
    isTidy = true;
    const failed: string[] = [];
    for (const { id, written } of messagesOf(event)) {
      if (written === undefined) opened.log.error('message_unknown', { message_id: id });
      const done = written !== undefined && (await serve(opened, id, written, { ...options, context }));
      if (!done) failed.push(id);
    }
    return failuresOf(failed);
  };
}

/** @returns false when the message is to come again */
async function serve(
  opened: OpenedService,
  message: string,
  written: readonly WrittenObject[],
  options: ImportHandlerOptions & { context: ImportContext },
): Promise<boolean> {
  try {
    for (const object of written) {
      const key = storeKey(opened.config, object);
      if (key?.startsWith('wakes/')) await wakeUp(opened, key, options);
      else if (isSource(key)) await importOne(opened, { ...object, key }, options);
      else opened.log.debug('message_ignored', { message_id: message });
    }
    return true;
  } catch (error) {
    opened.log.failure('import_failed', error, { message_id: message });
    return false;
  }
}

function isSource(key: string | undefined): key is string {
  return key?.startsWith('imports/') === true && !key.endsWith('/') && !isResultKey(key);
}

async function wakeUp(
  opened: OpenedService,
  key: string,
  options: ImportHandlerOptions & { context: ImportContext },
): Promise<void> {
  const { serveWake } = await import('./import-job.ts');
  await serveWake(opened, key, { ...options, scratch: `${opened.config.data}/${FOLDER}` });
}

function importOne(
  opened: OpenedService,
  source: WrittenObject,
  options: ImportHandlerOptions & { context: ImportContext },
): Promise<void> {
  return opened.service.observe('import', async tell => {
    tell({ source: opened.log.path(source.key) });
    tell(summary(await importInTime(opened, source, options)));
  });
}

async function importInTime(
  opened: OpenedService,
  { key, upload, etag }: WrittenObject,
  { context, maxBytes }: ImportHandlerOptions & { context: ImportContext },
): Promise<StoredImport> {
  const { config } = opened;
  const { importStored } = await import('../import/git/import-stored.ts');
  const stopping = new AbortController();
  const leftMs = Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS);
  const timer = setTimeout(() => stopping.abort(importLate()), leftMs);
  try {
    const options = {
      source: { key, upload, etag },
      folder: `${config.data}/${FOLDER}`,
      maxBytes: maxBytes ?? Math.min(MAX_BYTES, memoryBytes(context) / MEMORY_RATIO),
      retainPageNameCase: config.retainPageNameCase,
      signal: stopping.signal,
    };
    return await withImportedWiki(opened, key, async wiki => {
      const repository = await wiki.repository();
      const outcome = await importStored({ ...options, repository });
      const { tellOfImport } = await import('./tell-of-import.ts');
      await tellOfImport(wiki, repository.store, options.source, outcome);
      return outcome;
    });
  } finally {
    clearTimeout(timer);
  }
}

function summary(outcome: StoredImport): Record<string, unknown> {
  if (typeof outcome === 'string') return { state: outcome };
  const { state, source, report, error } = outcome;
  const counts = report && { commits: report.commits, pages: report.pages, attachments: report.attachments };
  return { state, bytes: source.bytes, ...counts, ...(error && { code: error.code }) };
}

export const handler: ImportHandler = createImportHandler({
  env: process.env,
  runtime: systemRuntime,
  write: writeLine,
});

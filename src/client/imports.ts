import type { Bytes } from './attachments.ts';
import type { AnswerOf, BodyOf } from './endpoint.ts';
import { importFailed, isClientError, pathRefused } from './errors.ts';
import type { Settings } from './options.ts';
import type { CallOptions, Requester } from './request.ts';
import { pause } from './retry.ts';
import { sendBytes } from './store.ts';

/** An import as the API tells of it. */
export type ImportJob = AnswerOf<'GET /api/v1/imports/{id}'>;

type ImportFields = BodyOf<'POST /api/v1/imports'>;

export interface WaitOptions extends CallOptions {
  /** Told each time that the import was asked for. */
  onProgress?: ((job: ImportJob) => void) | undefined;
  /** Between two questions, in milliseconds; default 1,000. */
  everyMs?: number | undefined;
}

/** Of a source that the server takes: small enough for functions. */
const PIECE_BYTES = 4_000_000;

/** Breaks in a row after which nothing more is sent. */
const MAX_BREAKS = 5;

const ENDED = ['done', 'failed', 'cancelled'];

export function importCalls({ request, open }: Requester, settings: Settings) {
  async function read(id: string, options: CallOptions = {}, query?: { upload: string }): Promise<ImportJob> {
    const asked = { ...options, params: { id }, ...(query ? { query } : {}) };
    return (await request('GET /api/v1/imports/{id}', asked)).data;
  }

  /**
   * Sends the source of an import that was announced, from where it ends on the server. To be called again after a break.
   * @throws KittiwakeClientError `upload_misplaced`, `import_too_large`
   */
  async function upload(id: string, bytes: Bytes, options: CallOptions = {}): Promise<ImportJob> {
    const blob = bytes instanceof Blob ? bytes : new Blob([bytes]);
    const job = await read(id, options, { upload: 'parts' });
    if (job.state !== 'awaiting_upload' || !job.upload) return job;
    return job.upload.parts ? await sendParts(job, blob, options) : await sendPieces(job, blob, options);
  }

  async function sendParts(job: ImportJob, blob: Blob, options: CallOptions): Promise<ImportJob> {
    let offset = 0;
    const ordered = [...(job.upload?.parts ?? [])].sort((one, other) => one.number - other.number);
    for (const { size, url, headers } of ordered) {
      const part = blob.slice(offset, offset + size);
      await sendBytes({ url, headers: textsOf(headers), blob: part, signal: options.signal }, settings);
      offset += size;
    }
    const asked = { ...options, params: { id: job.id } };
    try {
      return (await request('POST /api/v1/imports/{id}/complete', asked)).data;
    } catch (error) {
      return await begun(job.id, error, options);
    }
  }

  /** A piece that broke off may have come all the same: the server is asked where it ends. */
  async function sendPieces(job: ImportJob, blob: Blob, options: CallOptions): Promise<ImportJob> {
    let now = job;
    for (let breaks = 0; now.state === 'awaiting_upload' && now.upload; ) {
      const from = now.upload.received;
      const end = Math.min(from + PIECE_BYTES, blob.size);
      if (from >= end)
        throw pathRefused('source', `it has ${blob.size} bytes, ${now.upload.size} were announced`);
      const headers = { ...options.headers, 'content-range': `bytes ${from}-${end - 1}/${blob.size}` };
      const asked = { ...options, headers, params: { id: job.id }, body: blob.slice(from, end) };
      try {
        now = (await request('PUT /api/v1/imports/{id}/source', asked)).data;
        breaks = 0;
      } catch (error) {
        breaks += 1;
        if (
          breaks > MAX_BREAKS ||
          !isClientError(error) ||
          !(error.retryable || error.code === 'upload_misplaced')
        )
          throw error;
        await pause(Math.random() * settings.backoffMs * 2 ** breaks, options.signal);
        now = await read(job.id, options);
      }
    }
    return now;
  }

  /** Where an answer was lost, the import tells whether it begins. */
  async function begun(id: string, error: unknown, options: CallOptions): Promise<ImportJob> {
    const isLost = isClientError(error) && (error.retryable || error.code === 'import_not_awaiting');
    const job = isLost ? await read(id, options) : undefined;
    if (job === undefined || job.state === 'awaiting_upload') throw error;
    return job;
  }

  return {
    read,
    upload,

    /** Announces an import and sends its source. Resolves when it begins; `name` is that of the file. */
    async start(
      name: string,
      bytes: Bytes,
      fields: Omit<ImportFields, 'name' | 'size' | 'url'> = {},
      options: CallOptions = {},
    ): Promise<ImportJob> {
      const blob = bytes instanceof Blob ? bytes : new Blob([bytes]);
      const body = { ...fields, name, size: blob.size };
      const { data } = await request('POST /api/v1/imports', { ...options, body });
      const { idempotencyKey: _, ...call } = options;
      return await upload(data.id, blob, call);
    },

    /**
     * Waits for the end of an import.
     * @throws KittiwakeClientError `import_failed` when it ended otherwise than `done`
     */
    async wait(id: string, { onProgress, everyMs = 1000, ...options }: WaitOptions = {}): Promise<ImportJob> {
      for (;;) {
        const job = await read(id, options);
        onProgress?.(job);
        if (job.state === 'done') return job;
        if (ENDED.includes(job.state)) throw importFailed(job.state, { id, failure: job.failure });
        await pause(everyMs, options.signal);
      }
    },

    /** Ends an import that has not ended; what was committed stays. */
    async cancel(id: string, options: CallOptions = {}): Promise<ImportJob> {
      return (await request('POST /api/v1/imports/{id}/cancel', { ...options, params: { id } })).data;
    },

    /** All rows that failed, as lines of JSON. */
    errors(id: string, options: CallOptions = {}): Promise<Response> {
      return open('GET /api/v1/imports/{id}/errors', { ...options, params: { id } });
    },
  };
}

function textsOf(headers: unknown): Record<string, string> {
  const entries = Object.entries(headers ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

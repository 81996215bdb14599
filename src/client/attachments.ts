import type { AnswerOf } from './endpoint.ts';
import { answerInvalid, isClientError } from './errors.ts';
import { sha256Hex } from './hash.ts';
import type { Settings } from './options.ts';
import { type LockedOptions, split, type WriteOptions } from './pages.ts';
import type { Answered, CallOptions, Requester } from './request.ts';
import { sendBytes } from './store.ts';

/** Bytes that can be sent more than once; in Node `fs.openAsBlob` makes such of a file without reading it. */
export type Bytes = Blob | Uint8Array<ArrayBuffer> | string;

export interface AttachOptions extends Omit<WriteOptions, 'dryRun'> {
  /** Past the server, straight to the store, where it offers that: `auto` (default) from 4 MB on. */
  via?: 'auto' | 'server' | 'store' | undefined;
  /** Of the bytes, in hex; needed by the store. Default: it is computed, in a browser with all bytes in memory. */
  sha256?: string | undefined;
}

/** What became of a file. */
export type Attached = Exclude<AnswerOf<'POST /api/v1/pages/{path}/attachments'>, { upload: unknown }>;

const ATTACHMENTS = '/api/v1/pages/{path}/attachments';

/** What functions take no more of in one request, with room for the headers. */
const MAX_DIRECT_BYTES = 4_000_000;

/** Attachments of any size. */
export function attachmentCalls({ request, open }: Requester, settings: Settings) {
  /** The body of the request is the file. */
  async function attachDirectly(path: string, filename: string, blob: Blob, options: WriteOptions) {
    const { fields, call } = split(options);
    const query = { filename, ...fields };
    return attached(await request(`POST ${ATTACHMENTS}`, { ...call, params: { path }, query, body: blob }));
  }

  /** @throws KittiwakeClientError `presign_unsupported` */
  async function attachByStore(path: string, filename: string, blob: Blob, options: AttachOptions) {
    const { sha256, via: _, ...write } = options;
    const { fields, call } = split(write);
    const { signal, timeoutMs, deadlineMs, headers } = call;
    const sum = sha256 ?? (await sha256Hex(blob));
    const wish = { filename, upload: 'presigned' as const, size: blob.size, sha256: sum };
    const asked = { signal, timeoutMs, deadlineMs, headers, params: { path }, body: wish };
    const { data } = await request(`POST ${ATTACHMENTS}`, asked);
    if (!('upload' in data)) throw answerInvalid(`POST ${ATTACHMENTS}`, 200);
    const { id, url, headers: signed } = data.upload;
    await sendBytes({ url, headers: signed, blob, signal }, settings);
    const body = { filename, upload: id, ...fields };
    return attached(await request(`POST ${ATTACHMENTS}`, { ...call, params: { path }, body }));
  }

  return {
    /**
     * Attaches a file to a page, or replaces it. Resolves with its name as the wiki made it safe, type and size.
     * @throws KittiwakeClientError `page_not_found`, `attachment_too_large`, `filename_invalid`
     */
    async attach(
      path: string,
      filename: string,
      bytes: Bytes,
      options: AttachOptions = {},
    ): Promise<Attached> {
      const { via = 'auto', sha256: _, ...write } = options;
      const blob = bytes instanceof Blob ? bytes : new Blob([bytes]);
      if (via === 'server' || (via === 'auto' && blob.size <= MAX_DIRECT_BYTES))
        return await attachDirectly(path, filename, blob, write);
      try {
        return await attachByStore(path, filename, blob, options);
      } catch (error) {
        if (via === 'store' || !isClientError(error, 'presign_unsupported')) throw error;
        return await attachDirectly(path, filename, blob, write);
      }
    },

    /**
     * An attachment as it begins: its headers, and its bytes to be read from the body.
     * @throws KittiwakeClientError `attachment_not_found`
     */
    async attachment(path: string, file: string, options: CallOptions = {}): Promise<Response> {
      const asked = { ...options, params: { path, file } };
      try {
        return await open(`GET ${ATTACHMENTS}/{file}`, { ...asked, query: { download: 'raw' } });
      } catch (error) {
        if (!isClientError(error, 'answer_too_large')) throw error;
        return await open(`GET ${ATTACHMENTS}/{file}`, { ...asked, query: { download: 'presigned' } });
      }
    },

    /** Deletes an attachment. */
    async detach(path: string, file: string, options: LockedOptions = {}) {
      const { fields, call } = split(options);
      return (
        await request(`DELETE ${ATTACHMENTS}/{file}`, { ...call, params: { path, file }, body: fields })
      ).data;
    },
  };
}

function attached({ data, status }: Answered<Attached | { upload: unknown }>): Attached {
  if ('upload' in data) throw answerInvalid(`POST ${ATTACHMENTS}`, status);
  return data;
}

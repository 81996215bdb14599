import type { Presigned } from '../../storage/byte-store.ts';
import type { Oid } from '../object/objects.ts';
import type { Download } from './large.ts';
import type { LargeHost } from './streamed-blob.ts';
import { copiesPrefix } from './upload-id.ts';

/** How long a presigned URL can be used. */
export const URL_SECONDS = 3_600;
/** A copy of this age is made again before a URL is given out: see {@link COPY_MS}. */
const FRESH_MS = 86_400_000;
/** Upkeep removes copies of this age: each was given out at least as long ago as no URL lasts. */
export const COPY_MS = 2 * FRESH_MS;

/**
 * A URL by which a blob can be downloaded from the store, past this process. The blob is copied out of its pack for it,
 * unless that was done within a day. Undefined: the store has no such URLs.
 */
export async function presignDownload(
  host: LargeHost,
  oid: Oid,
  content: () => Promise<AsyncIterable<Uint8Array>>,
  { contentType, disposition }: Download,
): Promise<Presigned | undefined> {
  const { store, runtime, uuid } = host;
  if (!store.presign) return undefined;
  const key = copiesPrefix(uuid) + oid;
  const { objects } = await store.list(key, { limit: 1 });
  const copy = objects.find(object => object.key === key);
  const isFresh = copy !== undefined && copy.modifiedMs > runtime.now() - FRESH_MS;
  if (!isFresh) await store.upload(key, await content());
  return store.presign({ method: 'GET', key, expiresInSeconds: URL_SECONDS, contentType, disposition });
}

import { createHash } from 'node:crypto';
import { uploadDiffers, uploadExpired, uploadInvalid, uploadNotFound } from '../errors.ts';
import { readRanges } from './byte-ranges.ts';
import type { LargeHost } from './streamed-blob.ts';
import { parseUploadId, type UploadId, uploadsPrefix } from './upload-id.ts';

/** How long after its id was given out an upload can be committed. */
export const UPLOAD_SECONDS = 86_400;

/** An upload that is there, as promised as far as its size tells. */
export interface FoundUpload {
  size: number;
  /**
   * Its bytes, read as they are taken; may be called again.
   * @throws KittiwakeError, before the last of them, `upload_differs` when they are not those that were promised
   */
  content(): AsyncIterable<Uint8Array>;
}

/**
 * Finds what a client uploaded under an id of this wiki.
 * @throws KittiwakeError `upload_invalid`, `upload_expired`, `upload_not_found`, `upload_differs`
 */
export async function findUpload(host: LargeHost, id: string): Promise<FoundUpload> {
  const promise = parseUploadId(id);
  if (!promise) throw uploadInvalid(id);
  if (host.runtime.now() / 1000 > promise.madeSeconds + UPLOAD_SECONDS) throw uploadExpired();
  const key = uploadsPrefix(host.uuid) + id;
  const got = await host.store.get(key, { range: { start: 0, end: 0 } });
  if (got.kind !== 'found') throw uploadNotFound();
  if (got.size !== promise.size) throw uploadDiffers(`${got.size} bytes, ${promise.size} were announced`);
  return { size: promise.size, content: () => read(host, key, promise) };
}

async function* read(host: LargeHost, key: string, { size, sha256 }: UploadId): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let left = size;
  const ranges = readRanges((start, end) => readRange(host, key, start, end), 0, size);
  for await (const piece of ranges) {
    hash.update(piece);
    left -= piece.length;
    if (left > 0) yield piece;
    else yield checked(piece, hash.digest('hex'), sha256);
  }
  if (size === 0) checked(Buffer.alloc(0), hash.digest('hex'), sha256);
}

async function readRange({ store }: LargeHost, key: string, start: number, end: number): Promise<Buffer> {
  const got = await store.get(key, { range: { start, end } });
  if (got.kind !== 'found') throw uploadNotFound();
  if (got.bytes.length !== end - start) throw uploadDiffers(`${got.size} bytes, other than before`);
  return got.bytes;
}

function checked(last: Buffer, found: string, wanted: string): Buffer {
  if (found !== wanted) throw uploadDiffers(`bytes with the SHA-256 ${found}, ${wanted} was announced`);
  return last;
}

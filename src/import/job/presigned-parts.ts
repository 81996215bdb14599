import type { ByteStore, MultipartUploads, UploadedPart } from '../../storage/byte-store.ts';
import { uploadIncomplete } from './errors.ts';
import type { JobSource } from './job.ts';

type StoredSource = Extract<JobSource, { kind: 'stored' }>;

/** Each of them is a URL of the answer. */
const MAX_PARTS = 100;

/** @throws KittiwakeError `upload_incomplete` where the store takes no parts */
export async function multipartOf(store: ByteStore): Promise<MultipartUploads> {
  const uploads = await store.multipart?.();
  if (uploads === undefined) throw uploadIncomplete('this server takes no parts, send the source by PUT');
  return uploads;
}

/** Bytes of each part but the last. */
export function partBytesOf(bytes: number, chunkBytes: number): number {
  return Math.max(chunkBytes, Math.ceil(bytes / MAX_PARTS));
}

export function partSizes(bytes: number, partBytes: number): number[] {
  const count = Math.max(1, Math.ceil(bytes / partBytes));
  return Array.from({ length: count }, (_, index) => Math.min(partBytes, bytes - index * partBytes));
}

/**
 * Makes the source of the parts that were sent, which must be all that were announced; also when that was done before.
 * @param etags as the caller was told them; undefined: whatever is there
 * @throws KittiwakeError `upload_incomplete`
 */
export async function completeParts(
  store: ByteStore,
  {
    source,
    sizes,
    etags,
  }: { source: StoredSource; sizes: readonly number[]; etags: ReadonlyMap<number, string> | undefined },
): Promise<void> {
  const { key, uploadId, bytes } = source;
  if (uploadId === undefined) throw uploadIncomplete('no part of it was sent');
  const uploads = await multipartOf(store);
  const parts = await uploads.parts(key, uploadId);
  if (parts !== undefined) {
    checkParts(parts, sizes, etags);
    await uploads.complete(key, uploadId, parts);
  }
  const found = await store.get(key, { range: { start: 0, end: 0 } });
  if (found.kind !== 'found') throw uploadIncomplete('it was aborted');
  if (found.size !== bytes) throw uploadIncomplete(`it has ${found.size} bytes, announced were ${bytes}`);
}

function checkParts(
  parts: readonly UploadedPart[],
  sizes: readonly number[],
  etags: ReadonlyMap<number, string> | undefined,
): void {
  const there = new Map(parts.map(part => [part.number, part]));
  for (const [index, size] of sizes.entries()) {
    const part = there.get(index + 1);
    if (part === undefined) throw uploadIncomplete(`part ${index + 1} of ${sizes.length} is not there`);
    if (part.size !== size)
      throw uploadIncomplete(`part ${index + 1} has ${part.size} bytes, wanted ${size}`);
    const told = etags?.get(part.number);
    if (etags !== undefined && told !== undefined && bare(told) !== bare(part.etag))
      throw uploadIncomplete(`part ${index + 1} has the ETag ${part.etag}, not ${told}`);
  }
  if (there.size > sizes.length)
    throw uploadIncomplete(`${there.size} parts are there, wanted ${sizes.length}`);
}

function bare(etag: string): string {
  return etag.replaceAll('"', '');
}

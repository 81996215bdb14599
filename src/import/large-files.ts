import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { StreamedBlob } from '../git/large/large.ts';
import type { Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { PlannedFile } from './folder-plan.ts';

/** Files from here on are never held as a whole. */
const LARGE_BYTES = 8 << 20;

export function isLarge({ kind, bytes }: PlannedFile): boolean {
  return kind === 'attachment' && bytes >= LARGE_BYTES;
}

/** The id that the file has as a blob. @throws the system's error */
export async function largeFileId({ absolute, bytes }: PlannedFile): Promise<Oid> {
  const hash = createHash('sha1').update(`blob ${bytes}\0`);
  for await (const part of createReadStream(absolute)) hash.update(part);
  return hash.digest('hex');
}

/**
 * Puts a file into a pack of its own.
 * @throws the system's error; KittiwakeError `upload_differs` when its size has changed; what `signal` is aborted with
 */
export async function storeLargeFile(
  repository: LedgerRepository,
  { absolute, bytes }: PlannedFile,
  signal: AbortSignal | undefined,
): Promise<StreamedBlob> {
  const large = await repository.largeFiles();
  return large.storeStream(bytes, createReadStream(absolute), async () => signal?.throwIfAborted());
}

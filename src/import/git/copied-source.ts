import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { readRanges } from '../../git/large/byte-ranges.ts';
import { sourceTooLarge } from '../errors.ts';
import type { SourceFile } from '../source.ts';

export interface CopyOptions {
  /** For the file; made when absent. */
  folder: string;
  /** Of the source. Default: what there is room for. */
  maxBytes?: number;
  signal: AbortSignal;
}

/** What stays free on the disk of the file. */
const SPARE_BYTES = 32 << 20;

/**
 * Copies a source that lies elsewhere into a file of this machine, gives `work` its path, and removes the file.
 * @throws KittiwakeError `source_too_large`; what reading and `work` throw
 */
export async function withCopy<R>(
  { name, size, read }: Pick<SourceFile, 'name' | 'size' | 'read'>,
  { folder, maxBytes = Number.POSITIVE_INFINITY, signal }: CopyOptions,
  work: (path: string) => Promise<R>,
): Promise<R> {
  await mkdir(folder, { recursive: true });
  const limit = Math.min(maxBytes, await freeBytes(folder));
  if (size > limit) throw sourceTooLarge(name, size, limit);
  const own = await mkdtemp(join(folder, 'import-'));
  try {
    const path = join(own, 'bundle');
    const handle = await open(path, 'wx', 0o600);
    try {
      for await (const piece of readRanges(read, 0, size)) {
        signal.throwIfAborted();
        await handle.writeFile(piece);
      }
    } finally {
      await handle.close();
    }
    return await work(path);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.max(0, bavail * bsize - SPARE_BYTES);
}

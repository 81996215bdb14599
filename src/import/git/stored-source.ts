import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { readRanges } from '../../git/large/byte-ranges.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { sourceReplaced, sourceTooLarge, sourceUnsupported } from '../errors.ts';
import { isBundle } from './git-bundle.ts';

/** A source that somebody put into the store. */
export interface StoredSource {
  key: string;
  /** As the notice of its writing has it; empty: any. */
  etag: string;
}

export interface FetchOptions {
  store: ByteStore;
  source: StoredSource;
  /** For the file; made when absent. */
  folder: string;
  maxBytes: number;
  signal: AbortSignal;
}

/** What stays free on the disk of the file. */
const SPARE_BYTES = 32 << 20;

/** How large a source is, in bytes, without reading it. @throws KittiwakeError `source_replaced` */
export async function sourceSize(store: ByteStore, source: StoredSource): Promise<number> {
  return (await readPiece(store, source, 0, 0)).size;
}

/**
 * Copies a bundle from the store into a file, gives `work` its path, and removes the file.
 * @throws KittiwakeError `source_replaced`, `source_too_large`, `source_unsupported`; what `work` throws
 */
export async function withFetched<R>(options: FetchOptions, work: (path: string) => Promise<R>): Promise<R> {
  const { store, source, folder, signal } = options;
  const { size, bytes } = await readPiece(store, source, 0, 16);
  if (!isBundle(bytes)) {
    const how = 'it is no git bundle; make one with "git bundle create FILE --all"';
    throw sourceUnsupported(source.key, how);
  }
  await mkdir(folder, { recursive: true });
  const maxBytes = Math.min(options.maxBytes, await freeBytes(folder));
  if (size > maxBytes) throw sourceTooLarge(source.key, size, maxBytes);
  const own = await mkdtemp(join(folder, 'import-'));
  try {
    const path = join(own, 'bundle');
    const handle = await open(path, 'wx');
    try {
      const read = async (start: number, end: number) => (await readPiece(store, source, start, end)).bytes;
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

async function readPiece(
  store: ByteStore,
  { key, etag }: StoredSource,
  start: number,
  end: number,
): Promise<{ bytes: Buffer; size: number }> {
  const got = await store.get(key, { range: { start, end } });
  if (got.kind !== 'found') throw sourceReplaced(key);
  const found = got.version.replaceAll('"', '');
  if (etag !== '' && found !== '' && found !== etag) throw sourceReplaced(key);
  return got;
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.max(0, bavail * bsize - SPARE_BYTES);
}

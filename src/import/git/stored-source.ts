import type { ByteStore } from '../../storage/byte-store.ts';
import { sourceReplaced, sourceUnsupported } from '../errors.ts';
import { withCopy } from './copied-source.ts';
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

/** How large a source is, in bytes, without reading it. @throws KittiwakeError `source_replaced` */
export async function sourceSize(store: ByteStore, source: StoredSource): Promise<number> {
  return (await readPiece(store, source, 0, 0)).size;
}

/**
 * Copies a bundle from the store into a file, gives `work` its path, and removes the file.
 * @throws KittiwakeError `source_replaced`, `source_too_large`, `source_unsupported`; what `work` throws
 */
export async function withFetched<R>(options: FetchOptions, work: (path: string) => Promise<R>): Promise<R> {
  const { store, source, folder, maxBytes, signal } = options;
  const { size, bytes } = await readPiece(store, source, 0, 16);
  if (!isBundle(bytes)) {
    const how = 'it is no git bundle; make one with "git bundle create FILE --all"';
    throw sourceUnsupported(source.key, how);
  }
  const read = async (start: number, end: number) => (await readPiece(store, source, start, end)).bytes;
  return await withCopy({ name: source.key, size, read }, { folder, maxBytes, signal }, work);
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

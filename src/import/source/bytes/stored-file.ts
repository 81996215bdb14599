import type { ByteStore } from '../../../storage/byte-store.ts';
import { sourceReplaced } from '../../errors.ts';
import type { SourceFile } from '../../source.ts';

/** An object of the store, for example an upload, or several that make up a file one after another. Each read is a request an object. */
export interface StoredFileOptions {
  store: ByteStore;
  keys: readonly string[];
  /** Shown in origins and errors. */
  name: string;
  signal?: AbortSignal | undefined;
}

interface Segment {
  key: string;
  /** Where it begins in the file. */
  at: number;
  size: number;
  version: string;
}

/**
 * Looks at the objects; they must not change from then on.
 * @throws KittiwakeError `source_replaced` when one is absent; reading throws it when one was replaced
 */
export async function openStoredFile(options: StoredFileOptions): Promise<SourceFile> {
  const { store, keys, name, signal } = options;
  const get = async (key: string, start: number, end: number) => {
    const got = await store.get(key, { range: { start, end }, ...(signal && { signal }) });
    if (got.kind !== 'found') throw sourceReplaced(name);
    return got;
  };
  const segments: Segment[] = [];
  let size = 0;
  for (const key of keys) {
    const found = await get(key, 0, 0);
    segments.push({ key, at: size, size: found.size, version: found.version });
    size += found.size;
  }
  const readSegment = async (segment: Segment, start: number, end: number): Promise<Buffer> => {
    const from = Math.max(start, segment.at) - segment.at;
    const to = Math.min(end, segment.at + segment.size) - segment.at;
    const { bytes, version } = await get(segment.key, from, to);
    if (version !== segment.version || bytes.length !== to - from) throw sourceReplaced(name);
    return bytes;
  };
  const read = async (start: number, end: number): Promise<Buffer> => {
    const touched = segments.filter(({ at, size }) => at < end && at + size > start);
    const parts = await Promise.all(touched.map(segment => readSegment(segment, start, end)));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  };
  return { name, size, read };
}

import type { ByteStore } from '../../../storage/byte-store.ts';
import { sourceReplaced } from '../../errors.ts';
import type { SourceFile } from '../../source.ts';

/** An object of the store, for example an upload. Each read is a request. */
export interface StoredFileOptions {
  store: ByteStore;
  key: string;
  /** Shown in origins and errors. */
  name: string;
  signal?: AbortSignal | undefined;
}

/**
 * Looks at an object; it must not change from then on.
 * @throws KittiwakeError `source_replaced` when it is absent; reading throws it when it was replaced
 */
export async function openStoredFile(options: StoredFileOptions): Promise<SourceFile> {
  const { store, key, name, signal } = options;
  const get = async (start: number, end: number) => {
    const got = await store.get(key, { range: { start, end }, ...(signal && { signal }) });
    if (got.kind !== 'found') throw sourceReplaced(name);
    return got;
  };
  const { version, size } = await get(0, 0);
  const read = async (start: number, end: number): Promise<Buffer> => {
    if (start >= Math.min(end, size)) return Buffer.alloc(0);
    const got = await get(start, Math.min(end, size));
    if (got.version !== version || got.bytes.length !== Math.min(end, size) - start)
      throw sourceReplaced(name);
    return got.bytes;
  };
  return { name, size, read };
}

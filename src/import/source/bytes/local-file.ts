import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { sourceMissing, sourceReplaced, sourceUnreadable } from '../../errors.ts';
import type { SourceFile } from '../../source.ts';

/** A file that must be closed once. */
export interface OpenSourceFile extends SourceFile {
  close(): Promise<void>;
  /** When it was last changed before it was opened. */
  readonly modifiedMs: number;
}

/**
 * Opens a file of this machine. Its size is what it has now: what is appended later is not read.
 * @throws KittiwakeError `source_missing`, `source_unreadable`; reading throws `source_replaced` once it is shorter
 */
export async function openLocalFile(path: string): Promise<OpenSourceFile> {
  const handle = await open(path).catch(error => {
    throw error.code === 'ENOENT' ? sourceMissing(path) : sourceUnreadable(path, error);
  });
  const { size, mtimeMs } = await handle.stat();
  const read = async (start: number, end: number): Promise<Buffer> => {
    const from = Math.min(Math.max(0, start), size);
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(end, size) - from));
    for (let filled = 0; filled < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) throw sourceReplaced(path);
      filled += bytesRead;
    }
    return bytes;
  };
  const modifiedMs = Math.trunc(mtimeMs);
  return { name: basename(path), size, path, modifiedMs, read, close: () => handle.close() };
}

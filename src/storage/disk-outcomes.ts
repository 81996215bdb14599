import { existsSync } from 'node:fs';
import type { PutOutcome } from './byte-store.ts';
import type { DiskFiles } from './disk-files.ts';
import { formatMutableVersion, type MutableVersion } from './disk-version.ts';
import { hasErrno, isRefusal } from './errors.ts';

/** Syncs the folder that got the new name. From here on an error leaves the outcome unknown. */
export function makeDurable(files: DiskFiles, folder: string, written: MutableVersion): PutOutcome {
  try {
    files.step('sync folder');
    files.syncFolder(folder);
    return { kind: 'stored', version: formatMutableVersion(written) };
  } catch (error) {
    return unknown(`Syncing the folder "${folder}" failed`, error);
  }
}

/** A writer that was paused for long may find its temporary file swept. Nothing was written; it may try again. */
export function sweptOrThrown(error: unknown, temporary: string): PutOutcome {
  if (!hasErrno(error, 'ENOENT') || existsSync(temporary)) throw error;
  return { kind: 'conflict', reason: 'concurrent' };
}

/** A refused call changed nothing; after any other error, an I/O error for instance, the name may be there. */
export function thrownOrUnknown(error: unknown, path: string): PutOutcome {
  if (isRefusal(error)) throw error;
  return unknown(`Naming "${path}" failed`, error);
}

export function unknown(message: string, cause?: unknown): PutOutcome {
  return { kind: 'unknown', cause: new Error(message, { cause }) };
}

import { KittiwakeError } from '../../core/errors.ts';

/** An entry whose bytes are not what the archive's directory says. */
export function entryCorrupt(reason: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('entry_corrupt', `Reading an entry of an archive: ${reason}`, { cause });
}

export function tooManyEntries(source: string, entries: number, maxEntries: number): KittiwakeError {
  return new KittiwakeError(
    'source_too_large',
    `Cannot import "${source}": it holds ${entries} files or more, the limit is ${maxEntries}; import it in parts`,
    { data: { entries, maxEntries } },
  );
}

/** It is no longer there, or may not be read. The message does not name it: the row does. */
export function entryUnreadable(cause: unknown): KittiwakeError {
  return new KittiwakeError('entry_unreadable', 'Reading a file of a folder: it cannot be read', { cause });
}

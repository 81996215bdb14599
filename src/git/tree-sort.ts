import { encodeName } from './entry-name.ts';
import type { FolderEntry } from './repository.ts';
import { encodeEntry, entryKey, isFolderMode } from './tree-entry.ts';

/** The raw entries, one after the other, in git's order. */
export function encodeEntries(entries: Iterable<FolderEntry>): Buffer {
  const encoded: { key: Buffer; entry: Buffer }[] = [];
  for (const { name, mode, oid } of entries) {
    const bytes = encodeName(name);
    encoded.push({ key: entryKey(bytes, isFolderMode(mode)), entry: encodeEntry(bytes, mode, oid) });
  }
  encoded.sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(encoded.map(each => each.entry));
}

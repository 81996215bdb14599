import type { LogEntry, View } from '../../git/repository.ts';
import { changesBetween } from '../catch-up.ts';
import type { Cursor } from '../projection.ts';
import type { FileChange } from './affected-keys.ts';

/** With more it costs less to compare everything. */
const MAX_CHANGES = 2_000;

/** Files that differ between a cursor and a view. Undefined: that is not known, or they are too many. */
export async function fileChanges(from: Cursor, view: View): Promise<FileChange[] | undefined> {
  if (from.head === (view.head ?? null)) return [];
  const changes = await changesBetween(from, view);
  if (changes.kind === 'all') return undefined;
  const files = composed(changes.entries);
  return files.length > MAX_CHANGES ? undefined : files;
}

/** Of several commits, oldest first, what they come to together. */
function composed(entries: readonly LogEntry[]): FileChange[] {
  const files = new Map<string, FileChange>();
  for (const { changes } of entries) {
    for (const { path, oid, before } of changes) {
      files.set(path, {
        path,
        before: files.has(path) ? (files.get(path)?.before ?? null) : before,
        after: oid,
      });
    }
  }
  return [...files.values()];
}

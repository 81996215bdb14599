import type { CommitInfo, LogEntry } from '../../git/repository.ts';
import type { Permits } from '../access.ts';

/** In place of the message of a commit that is, or may be, also about what the caller may not read: it could tell of that. */
export const WITHHELD = '(not shown)';

/**
 * A merge tells of what it brings in, which is no change of its own; of very many changes some are omitted; a purge leaves commits of which nobody knows what
 * they changed.
 */
export function mayHaveMore({ commit, changes, omitted }: LogEntry): boolean {
  return commit.parents.length > 1 || changes.length === 0 || omitted !== undefined;
}

/** A commit with those of its changes that the caller may read; undefined when it has only others. */
export function visibleEntry(entry: LogEntry, permits: Permits): LogEntry | undefined {
  const changes = entry.changes.filter(({ path }) => permits.may('read', path));
  if (changes.length === entry.changes.length && !mayHaveMore(entry)) return entry;
  if (entry.omitted !== undefined) return { commit: withheld(entry.commit), changes, omitted: 1 };
  return changes.length === 0 && entry.changes.length > 0
    ? undefined
    : { commit: withheld(entry.commit), changes };
}

export function withheld(commit: CommitInfo): CommitInfo {
  return { ...commit, message: WITHHELD };
}

import type { Oid } from '../git/object/objects.ts';
import type { LogEntry, View } from '../git/repository.ts';

/** Which commit a projection describes. Kept inside the thing that it describes. */
export interface Cursor {
  /** Null: the wiki as it was before its first commit. */
  head: Oid | null;
  /** Position on the first-parent line; -1 without a commit. */
  ordinal: number;
}

/** The way from what a projection describes to the head of `view`. */
export type Changes =
  | {
      /** The head is a line of commits after `from`. */
      kind: 'commits';
      from: Cursor;
      to: Cursor;
      view: View;
      /** Oldest first; each has one parent at most. */
      entries: readonly LogEntry[];
    }
  | {
      /** The way is not known, or has merges: compare with everything that is there. */
      kind: 'all';
      /** Undefined when the projection is empty, or does not know what it describes. */
      from: Cursor | undefined;
      to: Cursor;
      view: View;
      /** The newest commits, newest first, so that {@link Projection.hasPassed} knows them. */
      recent: readonly Cursor[];
    };

/**
 * Something that follows from the commits and can be deleted and made again. Several processes may bring the same one
 * forward at once.
 */
export interface Projection {
  readonly name: string;
  cursor(): Promise<Cursor | undefined>;
  /** True when the commit is known to be an ancestor of the cursor: a view of it is merely older. */
  hasPassed(head: Oid): Promise<boolean>;
  /**
   * Goes from `changes.from` to `changes.to`, in bounded batches, and moves the cursor with the last one.
   * @param deadlineMs when to stop after a batch, in runtime milliseconds; default: never
   * @returns false, and changes nothing, when the cursor is not `changes.from` any more
   * @throws KittiwakeError `deadline_exceeded`; the next run goes on from the batches that were taken in
   */
  apply(changes: Changes, deadlineMs?: number): Promise<boolean>;
  /**
   * Takes over what another process has brought further than `from`, where that costs less than reading the commits up to `to`.
   * @returns true when the cursor was moved
   */
  skipAhead?(from: Cursor | undefined, to: Cursor): Promise<boolean>;
  /**
   * Deletes all that it holds while its cursor is `from`: contents were taken out of the history since, and may not stay in what
   * was made from it. Absent: nothing of what is no longer in the history stays.
   */
  discard?(from: Cursor): Promise<void>;
}

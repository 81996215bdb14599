import type { NewestView } from './catch-up.ts';
import type { Cursor } from './projection.ts';

/**
 * Something that follows from the commits, as the runner of a server, the project function and `kittiwake project` work on it.
 * Making one loads and reads nothing; what can fail is in its methods.
 */
export interface RunnableProjection {
  /** Lower-case letters. Its document is `projections/<uuid>/<name>`, unless it lies in a database. */
  readonly name: string;
  /** What it describes by now. Never far from what is stored: it asks. */
  condition(): Promise<Condition>;
  /**
   * Takes in what was committed since, in bounded batches; what stands in the way of one thing alone is set aside and keeps nothing
   * else from being done. Any number may run at once, may die anywhere, and may be called for commits that were taken in before.
   * @returns counts for the log
   * @throws KittiwakeError `deadline_exceeded`: the next run goes on; whatever keeps all of it from going on
   */
  run(run: ProjectionRun): Promise<Counts>;
  /**
   * Makes anew what can be made anew, and heals what was damaged. What goes out to others (mails, webhooks) is not sent again: the
   * cursor goes to the head, and what was not taken in by then is skipped.
   * @throws KittiwakeError as {@link RunnableProjection.run}
   */
  rebuild(run: ProjectionRun): Promise<Counts>;
  /** Removes what nobody needs any more, so much that it is done in seconds. Called now and then. */
  sweep?(run: ProjectionRun): Promise<Counts>;
}

export interface ProjectionRun {
  /** A view of the newest commit, asked for after the call. */
  readonly newest: NewestView;
  /** When to begin no other batch, in runtime milliseconds; infinite: never. */
  readonly deadlineMs: number;
  /** When what cannot be cut into batches has to have ended; later than the deadline, which is a share of it. Default: the deadline. */
  readonly endMs?: number;
  /** False: what lies on this machine is not stored for others as well, as a server that stays up has it for itself. Default true. */
  readonly publishes?: boolean;
}

export type Counts = Readonly<Record<string, number | string>>;

/** How a projection stands, by itself. */
export interface Condition {
  /** Undefined: nothing was taken in yet. */
  cursor: Cursor | undefined;
  setAside: readonly SetAside[];
  /** Set aside before those, which found no room. */
  dropped: number;
  /** By the settings it takes nothing in. Default false. */
  isOff?: boolean;
}

/** What could not be taken in, and is tried again. */
export interface SetAside {
  /** Path of a file, or id of an event. */
  item: string;
  /** Code of the error. */
  code: string;
  message: string;
  /** When it was set aside, and when it is tried again; milliseconds since the epoch. */
  sinceMs: number;
  dueMs: number;
  attempts: number;
}

/** How a projection stands against the newest commit. */
export interface ProjectionStatus extends Condition {
  name: string;
  head: Cursor;
  /** Undefined: the cursor is of another history, or there is none. */
  behind: Lag | undefined;
  /** Why the rest is not known. */
  failure?: { code: string; message: string };
}

export interface Lag {
  commits: number;
  /** Since the oldest commit that was not taken in; 0 at the head. */
  seconds: number;
}

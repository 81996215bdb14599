import type { Oid } from '../../git/object/objects.ts';
import type { Workspace } from './workspace.ts';

/**
 * One thing done to a wiki. It is evaluated afresh on every attempt, decides from nothing but the workspace, and
 * throws to refuse.
 */
export type Operation<B> = (workspace: Workspace) => Promise<Outcome<B>>;

export interface Outcome<B> {
  /** Behind `[api] `, when the caller brings no message: `Update: Docs/Intro`. */
  summary: string;
  /** The page it is about, as it is shown: `%P` of a default message. */
  subject: string;
  /** The blob of the one file it was about. */
  blob?: Oid;
  /** The answer, given the commit made. Undefined: nothing was to be changed, or only tried out. */
  body(commit: Oid | undefined): B;
}

/** What an operation comes to, before it is committed. */
export interface AskedWrite<B> {
  outcome: Outcome<B>;
  changes: Awaited<ReturnType<Workspace['changes']>>;
  message: string;
}

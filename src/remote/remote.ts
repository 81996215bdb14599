import type { Oid } from '../git/object/objects.ts';
import { remotesUnreadable } from './errors.ts';

/** Of one wiki. */
export const MAX_REMOTES = 20;

/** Pages that one conflict of histories names; of more the number is told. */
export const MAX_TOLD_CONFLICTS = 100;

/** Whose version stays in the newest commit where both sides changed the same. The other one is kept on a side branch. */
export const PREFERENCES = ['ours', 'theirs'] as const;
export type Preference = (typeof PREFERENCES)[number];

/** A repository of another host that commits are pulled from, pushed to, or both. Whoever administers the wiki made it. */
export interface Remote {
  /** Lower-case letters, digits and hyphens; unique in the wiki. */
  name: string;
  /** `https:` or `http:`, without credentials. */
  url: string;
  /** Branch there, without `refs/heads/`; empty: that of its HEAD, or `main` where there is none. */
  branch: string;
  pull: boolean;
  push: boolean;
  /** Minutes from one run to the next; 0: not by schedule. */
  everyMinutes: number;
  /** Pushes, or both, after commits of the wiki. */
  afterCommits: boolean;
  /** May be pulled by the webhook. */
  webhook: boolean;
  prefer: Preference;
  /** Name of what {@link Credentials} hold; empty: none are sent. */
  credentials: string;
  active: boolean;
  createdMs: number;
  changedMs: number;
  /** Id of a principal. */
  createdBy: string;
  status: RemoteStatus;
  /** What was asked for and is not done yet. */
  requested?: RemoteRequested;
  /** Who works on it; nobody any more after that time. */
  lease?: { id: string; untilMs: number };
}

export interface RemoteRequested {
  atMs: number;
  pull: boolean;
  push: boolean;
}

/** What the runs until now came to. */
export interface RemoteStatus {
  /** Milliseconds since the epoch. */
  lastAttemptMs?: number;
  lastSuccessMs?: number;
  /** In a row. */
  failures: number;
  /** No earlier than this by itself, after failures. */
  nextMs?: number;
  lastError?: { atMs: number; code: string; message: string };
  /** The last run that ended well. */
  lastResult?: SyncResult;
  /** The commit that was there at last, and is known here: merged, pushed or kept aside. */
  theirs?: Oid;
  /** The newest commit of the wiki that was pushed, or needed no push. */
  pushed?: Oid;
  /** The newest first; at most 20. */
  conflicts: readonly KeptConflict[];
  /** Side branches whose conflicts are settled. Absent: none. */
  settled?: readonly string[];
}

/** What a run came to. */
export interface SyncResult {
  atMs: number;
  pull?: PullResult;
  push?: PushResult;
}

export interface PullResult {
  outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
  /** Commits that the wiki did not have, at most 10,000 are counted. */
  commits: number;
  theirs: Oid | null;
  /** Of the wiki afterwards. */
  head: Oid | null;
}

export interface PushResult {
  outcome: 'up_to_date' | 'pushed' | 'empty';
  before: Oid | null;
  after: Oid | null;
}

/** What pulling came to. */
export interface Pulled {
  result: PullResult;
  conflict?: KeptConflict;
}

/** Two histories that could not be merged of themselves. */
export interface KeptConflict {
  atMs: number;
  ours: Oid;
  theirs: Oid;
  /** Where the side that did not stay is kept. */
  ref: string;
  /** The merge; absent: the history was replaced over there, and nothing was merged. */
  merge?: Oid;
  /** At most {@link MAX_TOLD_CONFLICTS}. */
  paths: readonly PathConflict[];
  /** How many more there were. */
  more: number;
}

export type ConflictKind =
  /** Both changed the same lines, or what is no text. */
  | 'edited'
  | 'added'
  | 'deleted_here'
  | 'deleted_there'
  | 'renamed_twice'
  /** A file stands where the other one has a folder. */
  | 'file_and_folder'
  /** Names that differ in upper and lower case alone. */
  | 'case';

export interface PathConflict {
  /** A git path. */
  path: string;
  kind: ConflictKind;
  /** The other path, where there is one. */
  other?: string;
}

/** @throws KittiwakeError `object_unreadable` */
export function parseRemotes(own: unknown): readonly Remote[] {
  if (!Array.isArray(own) || !own.every(isRemote)) throw remotesUnreadable();
  return own;
}

function isRemote(value: unknown): value is Remote {
  const { name, url, branch, credentials, createdBy, pull, push, active, afterCommits, webhook, ...rest } =
    (value ?? {}) as Partial<Remote>;
  return (
    [name, url, branch, credentials, createdBy].every(text => typeof text === 'string') &&
    [pull, push, active, afterCommits, webhook].every(flag => typeof flag === 'boolean') &&
    [rest.everyMinutes, rest.createdMs, rest.changedMs, rest.status?.failures].every(Number.isSafeInteger) &&
    PREFERENCES.some(each => each === rest.prefer) &&
    Array.isArray(rest.status?.conflicts)
  );
}

import type { Commit, Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import type { Usage } from '../repository.ts';
import type { LedgerView } from '../view/view.ts';
import type { IncomingObjects } from './incoming-objects.ts';

/** A change of a ref, as whoever asks for it knows the ref. */
export interface RefUpdate {
  /** Full name. The main line is `MAIN_REF`. */
  ref: string;
  /** What it is now; undefined: it is not there. */
  before: Oid | undefined;
  /** What it becomes; undefined: it goes. */
  after: Oid | undefined;
}

/** A file (or link, or submodule) in a commit. */
export interface IncomingFile {
  oid: Oid;
  mode: number;
  /** Bytes; 0 of a submodule. */
  size: number;
}

/** What a commit does to one path; null: nothing stands there. */
export interface IncomingChange {
  path: string;
  before: IncomingFile | null;
  after: IncomingFile | null;
}

/** A commit that the main line gets. */
export interface IncomingCommit {
  oid: Oid;
  commit: Commit;
  /** Against its first parent, in the order of trees; a merge tells what differs from all of its parents. */
  changes(): AsyncIterable<IncomingChange>;
}

/** What lands, for whoever has to allow it. Of the main line; other refs are told by their updates. */
export interface IncomingHistory {
  readonly updates: readonly RefUpdate[];
  /** Number of {@link IncomingHistory.commits}; 0: the main line stays. */
  readonly count: number;
  /** Each after its parents. */
  commits(): AsyncIterable<IncomingCommit>;
  /** From the present head to the new one. */
  net(): AsyncIterable<IncomingChange>;
  /**
   * A blob, of those that came or of the wiki.
   * @throws KittiwakeError `object_missing`, `pack_corrupt` also for one of more than 256 MiB
   */
  blob(oid: Oid): Promise<Buffer>;
  /** What the wiki would take then, about: packs are stored a little smaller or larger than they came. */
  usage(): Promise<Usage>;
}

/**
 * Asked on every attempt, with the version on which it lands. It must rest on nothing but what it is given, and throws a
 * KittiwakeError to refuse everything.
 */
export type LandingCheck = (view: LedgerView, history: IncomingHistory) => Promise<void>;

export interface LandOptions {
  repository: LedgerRepository;
  /** What came: see `withIncoming`. */
  objects: IncomingObjects;
  /** All of them, or none. */
  updates: readonly RefUpdate[];
  /** Default: everything that is well-formed lands. */
  check?: LandingCheck;
  /** When the caller stops waiting, in runtime milliseconds. Default: 120 s after the call. */
  deadlineMs?: number;
  signal?: AbortSignal | undefined;
}

export interface Landed {
  /** False: every ref was as wanted already (the repetition of what has landed), and nothing was written. */
  changed: boolean;
  /** How many commits the main line got. */
  commits: number;
  /** Of the main line, in the version that holds what landed. */
  head: Oid | undefined;
}

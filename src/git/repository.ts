import type { LargeFiles, OpenBlob, StreamedBlob } from './large/large.ts';
import type { Commit, Oid, Signature } from './object/objects.ts';

/**
 * A wiki's history as its domain sees it: a reader ({@link View}) and a transactor ({@link Repository.commit}).
 * The interfaces; `openRepository` is in `open.ts`. Paths are git paths: `docs/intro.md`, no leading slash, `''` is
 * the root folder.
 */
export interface Repository {
  /**
   * A consistent view of the newest commit, confirmed by the store no longer than `maxAgeMs` ago (default 1,000 ms when
   * the store is remote, 0 when it is local).
   */
  view(options?: { maxAgeMs?: number }): Promise<View>;

  /**
   * Makes at most one commit. `request.plan` is evaluated afresh on every attempt, against everything committed
   * before it.
   * @throws KittiwakeError what `plan` refused with; those of {@link Swap.submit}; `idempotency_mismatch`
   */
  commit<R>(request: CommitRequest<R>): Promise<Committed<R>>;

  /** The value of {@link View.policy} in the newest version. @throws as {@link Repository.view} */
  policy(options?: { maxAgeMs?: number }): Promise<unknown>;

  /**
   * Changes what lies beside the history as the wiki's policy, in one swap with it: a commit that is planned on an older one
   * does not land. It has at most 64 KiB as JSON.
   * @throws KittiwakeError what `change` refused with; `policy_too_large`; those of {@link Swap.submit}
   */
  changePolicy<R>(change: PolicyChange<R>, options?: { deadlineMs?: number }): Promise<R>;

  /** Files that are too large for memory, in and out. */
  largeFiles(): Promise<LargeFiles>;
}

/**
 * Decides on a policy, from nothing but the current one (undefined: none was ever set) and the view of the version that holds
 * it. Evaluated afresh on every attempt; throws a KittiwakeError to refuse. Without `policy`: it stays as it is.
 */
export type PolicyChange<R> = (
  current: unknown,
  view: View,
) => { policy?: unknown; result: R } | Promise<{ policy?: unknown; result: R }>;

/** What a wiki takes. */
export interface Usage {
  /** Files of the newest commit that count as pages. */
  pages: number;
  /**
   * Of all history, in the store: packs with their indexes and maps, idempotency records and the journal. What is not listed
   * any more and waits for its deletion does not count.
   */
  bytes: number;
}

export interface CommitRequest<R> {
  /** Decides, from nothing but `view`. Throw a KittiwakeError to refuse. */
  plan(view: View): Promise<Plan<R>>;
  idempotency?: {
    /** Hex SHA-256 of wiki, principal and key. */
    key: string;
    /** Hex SHA-256 of method, path and body: another one under the same key is refused. */
    fingerprint: string;
  };
  /** When the caller stops waiting, in runtime milliseconds. */
  deadlineMs?: number;
}

export type Plan<R> =
  | { kind: 'commit'; draft: Draft; result: (made: { oid: Oid; commit: Commit }) => R }
  /** Nothing to commit: the answer is known. */
  | { kind: 'keep'; result: R };

/** A commit to be: the changes against the view it was planned on. */
export interface Draft {
  changes: readonly Change[];
  message: string;
  author: { name: string; email: string };
}

export interface Change {
  path: string;
  /**
   * New content, with its blob's id when that is known; or new content that was stored beforehand; or an object that exists already (a move); or null to remove.
   * Folders come and go by themselves.
   */
  to:
    | { bytes: Buffer; oid?: Oid }
    | { streamed: StreamedBlob }
    | { oid: Oid; mode?: number; size: number }
    | null;
}

export interface Committed<R> {
  /** JSON-like when the request has an idempotency key: a repeat gets what the first one got. */
  result: R;
  /** True when an earlier request with this idempotency key gave the result. */
  replayed: boolean;
}

/** What is known of a file in the newest commit without reading it, wherever it stands. */
export interface FileFacts {
  mode: number;
  oid: Oid;
  /** Bytes. */
  size: number;
  /** The newest commit that touched the file: what `git log -1 -- path` names, or the merge that brought a content from before a branch. */
  commit: Oid;
  /** Where the file last changed along the main line: see {@link CommitInfo.ordinal}. */
  ordinal: number;
  /** Author time of `commit`. */
  seconds: number;
  offsetMinutes: number;
}

export interface FileInfo extends FileFacts {
  path: string;
}

export interface CommitInfo extends Commit {
  oid: Oid;
  /**
   * Position on the main line, from the root (0) to the head; -1 for commits of side branches. The line goes through first parents, but
   * never past a commit that was the head.
   */
  ordinal: number;
}

export interface FolderEntry {
  name: string;
  mode: number;
  oid: Oid;
}

/** One commit that touched a path. */
export interface Touch {
  commit: Oid;
  ordinal: number;
  /** What the path held afterwards; null: it was removed. */
  oid: Oid | null;
}

export interface LogEntry {
  commit: CommitInfo;
  /** Changed files in path order; a merge lists what differs from all of its parents. */
  changes: { path: string; oid: Oid | null; before: Oid | null }[];
  /**
   * At least how many more there were: of a commit of very many files the first 1,000 are told, and it removes none. Absent: none.
   */
  omitted?: number;
}

/** What `describe` (given to `openRepository`) found out about a file; kept in the maps. */
export interface Description<F> {
  facts: F;
  /** Keys under which this file is found by {@link View.sources}. */
  targets: readonly string[];
}

export interface Described<F> {
  path: string;
  oid: Oid;
  commit: Oid;
  seconds: number;
  offsetMinutes: number;
  facts: F;
}

/** A tree of some commit. */
export interface TreeReader {
  /** What stands at a path: a file (or link, or submodule) with its mode, or a folder. */
  entry(path: string): Promise<FolderEntry | undefined>;
  /** Direct children in git's order; empty when there is no such folder. */
  folder(path: string): Promise<FolderEntry[]>;
  /** All files below a folder, in path order. */
  files(folder: string): Promise<{ path: string; mode: number; oid: Oid }[]>;
}

export interface View<F = unknown> extends TreeReader {
  /** Undefined while the wiki has no commit. */
  readonly head: Oid | undefined;
  /** Ordinal of the head; -1 without one. */
  readonly ordinal: number;

  /** What {@link Repository.changePolicy} has last set: JSON, shared, not to be changed. Undefined: never set. */
  readonly policy: unknown;

  /** At hand, unless the pages have to be counted once: in wikis of older releases and after commits that came in from elsewhere. */
  usage(): Usage | Promise<Usage>;

  /** A file (not a folder) of the newest commit. */
  file(path: string): Promise<FileInfo | undefined>;
  /** @throws KittiwakeError `object_missing` */
  blob(oid: Oid): Promise<Buffer>;
  /** A blob of any size, in constant memory. @throws KittiwakeError `object_missing`, `pack_missing` */
  openBlob(oid: Oid): Promise<OpenBlob>;
  /** The newest commit that touched a file; undefined when it is absent. */
  lastChange(file: Pick<FileInfo, 'commit'>): Promise<(Commit & { oid: Oid }) | undefined>;
  /**
   * Runs `ask`. What it asks of this view before it first waits is read together, in as few requests as possible; a process
   * that has it in memory gains nothing.
   */
  together<T>(ask: () => T): T;
  /** Undefined when the object is absent or no commit. */
  commit(oid: Oid): Promise<CommitInfo | undefined>;
  /** The same with what it changed. */
  logEntry(oid: Oid): Promise<LogEntry | undefined>;
  /** The tree of an older commit. */
  at(commit: Oid): Promise<TreeReader>;
  /** Reachable commits whose id starts with `prefix` (4 to 40 lower-case hex digits); two at most. */
  resolve(prefix: string): Promise<Oid[]>;
  /** True when a commit whose id starts with `prefix` (as {@link View.resolve}) was replaced because contents were purged. */
  isPurged(prefix: string): Promise<boolean>;
  /** Commits that touched a path, newest first, along one line of history; renames are not followed. */
  touches(path: string): AsyncIterable<Touch>;
  /** All reachable commits, newest first, each before its parents. */
  log(): AsyncIterable<LogEntry>;
  /**
   * The commits that stand behind one of them in that order (undefined: all), oldest first, each after its parents. Nothing when that
   * one is not among them.
   */
  logAfter(oid: Oid | undefined): AsyncIterable<LogEntry>;
  /** All described files of the newest commit in code-point order of their paths. The array is shared: do not change it. */
  described(): Promise<readonly Described<F>[]>;
  /** Paths of the files whose targets hold `target`, or one that starts with `target` when `prefix` is set; sorted, unique. */
  sources(target: string, options?: { prefix?: boolean }): Promise<string[]>;
}

export type { Signature };

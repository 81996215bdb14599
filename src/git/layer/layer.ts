import type { Oid } from '../object/objects.ts';
import type { Place } from '../pack/place.ts';
import type { FileFacts, Touch } from '../repository.ts';

/**
 * One layer of what is known about the newest commit. Layers lie on top of each other: the journal's commits first,
 * then the maps, newest first. What a higher layer says about a path hides what lower ones say.
 */
export interface Layer {
  /** The row of `name` in `folder`, if this layer has one. */
  row(folder: string, name: string): MaybePromise<Row | undefined>;
  /** This layer's rows of the direct children of `folder`, in git's tree order, tombstones included. */
  rows(folder: string): MaybePromise<readonly Row[]>;
  /** This layer's descriptions in code-point order of their paths; `json` null hides the lower layers' one. */
  descriptions(): MaybePromise<readonly DescriptionRow[]>;
  /** This layer's description of one file, if it has one. */
  description(path: string): MaybePromise<DescriptionRow | undefined>;
  /** Rows whose target is `target`, or starts with it. Ordered by target, then source. */
  links(target: string, prefix: boolean): MaybePromise<readonly LinkRow[]>;
  /** Newest first: the commits of this layer that touched `path`. */
  touches(path: string): MaybePromise<readonly Touch[]>;
  /** Number of commits of this layer. */
  readonly logLength: number;
  /** The layer's commits from position `from` (0 is its oldest) up to `to` (exclusive), oldest first. */
  log(from: number, to: number): MaybePromise<readonly LogRow[]>;
  /** The log position of a commit of this layer. */
  findCommit(oid: Oid): MaybePromise<number | undefined>;
  /** A commit of this layer without its changes; where absent, `findCommit` and `log` serve. */
  commit?(oid: Oid): MaybePromise<CommitRow | undefined>;
  /** The newest commit of this layer without its changes; where absent, `log` serves. */
  lastCommit?(): MaybePromise<CommitRow | undefined>;
  /** Gets ready for reading `rows` of a folder and of all below it; where absent, nothing is gained by it. */
  prefetch?(folder: string): MaybePromise<void>;
  /** Gets ready for reading `rows` of one folder; where absent, nothing is gained by it. */
  prefetchRows?(folder: string): MaybePromise<void>;
  /** True: what lower layers say of links that this file has does not count. Where absent, rows hide one another only. */
  hidesLinksOf?(source: string): boolean;
  /** Commits of this layer whose id starts with `prefix`; at most two. */
  resolve(prefix: string): MaybePromise<readonly Oid[]>;
}

export type MaybePromise<T> = T | Promise<T>;

export type { Place };

/** A direct child of a folder. */
export type Row = FileRow | FolderRow | Tombstone;

export interface FileRow extends FileFacts {
  kind: 'file';
  name: string;
  /** A hint for reading in one round trip; it may be out of date (then the pack indexes are asked). */
  place?: Place;
  commitPlace?: Place;
}

export interface FolderRow {
  kind: 'folder';
  name: string;
  oid: Oid;
}

export interface Tombstone {
  kind: 'gone';
  name: string;
}

export interface DescriptionRow {
  path: string;
  json: string | null;
}

export interface LinkRow {
  target: string;
  source: string;
  /** False: the source no longer has this target. */
  present: boolean;
}

export interface LogRow {
  oid: Oid;
  /** -1 for commits of side branches. */
  ordinal: number;
  /** The commit object's bytes, without git's header. */
  bytes: Buffer;
  /** Changed files in path order. */
  changes: readonly { path: string; oid: Oid | null; before: Oid | null }[];
  /** How many more there were, of a commit of very many files. Absent: none. */
  omitted?: number;
}

/** A commit of the log without its changes. */
export type CommitRow = Omit<LogRow, 'changes' | 'omitted'>;

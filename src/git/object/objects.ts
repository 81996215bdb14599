/** The vocabulary of the git layer. Formats: gitformat-pack(5), gitformat-index(5) and git-hash-object(1). */

/** A SHA-1 object id as 40 lower-case hex digits. */
export type Oid = string;

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  type: ObjectType;
  bytes: Buffer;
}

/** File modes that git knows. Folders are {@link MODE_FOLDER}; everything new of ours is {@link MODE_FILE}. */
export const MODE_FILE = 0o100644;
export const MODE_FOLDER = 0o40000;

/** Whom a commit names, and when. */
export interface Signature {
  name: string;
  email: string;
  /** Seconds since the epoch. */
  seconds: number;
  /** Offset from UTC in minutes; east is positive. */
  offsetMinutes: number;
}

export interface Commit {
  tree: Oid;
  parents: readonly Oid[];
  author: Signature;
  committer: Signature;
  /** As stored: usually with one final newline. */
  message: string;
  /** Value of the header `kittiwake-request`: 32 hex digits, unique for each commit made here. */
  requestId?: string;
}

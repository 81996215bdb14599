import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import type { View } from '../repository.ts';
import type { BulkRow, BulkRunRef } from './bulk-run.ts';

/** A commit of any number of files, made of sorted runs in bounded memory. */
export interface BulkCommit {
  repository: LedgerRepository;
  runs: readonly BulkRunRef[];
  /** {@link Ledger.collections} from before the first pack was stored. */
  collections: number;
  /** What becomes of a file that stands there with other content; asked again for what others have written meanwhile. */
  decide(meeting: Meeting, view: View): Decision | Promise<Decision>;
  /** Why a file may not be written, or undefined; asked for every file. By the policy of the view. */
  refuse(view: View): (path: string) => Refusal | undefined;
  /** Throws to refuse the whole of it, for example because of a quota. Asked on every attempt. */
  check?(view: View, counts: BulkCounts): void | Promise<void>;
  /** Told of each file that is left out, and why. */
  onLeft(row: BulkRow, why: Refusal): void;
  /** Everything is made anew, on a newer head: what was told of files left out no longer counts. */
  onRestart?(): void;
  message(counts: BulkCounts): string;
  author: { name: string; email: string };
  /**
   * Names the commit among all: 32 hex digits, its `kittiwake-request`. Where one of this name stands after {@link BulkCommit.since}, an
   * earlier attempt had landed: it is the result, and nothing is committed a second time. Looked for before anything is built, and on
   * every attempt to land.
   */
  requestId: string;
  /** Head of the wiki before the first attempt; undefined: it had none. */
  since: Oid | undefined;
  /** Of this machine, for what does not fit into memory: about 200 bytes a file. */
  scratch: string;
  progress?: (done: number, total: number) => void;
  signal?: AbortSignal | undefined;
}

/** A file that is to be written where one stands with other content. */
export interface Meeting {
  row: BulkRow;
  /** What stands there. */
  present: { oid: Oid; mode: number; commit: Oid };
  /** What is to be written. Files above 16 MiB are not to be asked for. */
  content(): Promise<Buffer>;
}

export type Decision =
  | { kind: 'write' }
  | { kind: 'keep' }
  /** Other content, in place of both: of a merge. */
  | { kind: 'replace'; bytes: Buffer }
  | { kind: 'refuse'; refusal: Refusal };

export interface Refusal {
  code: string;
  message: string;
  /** The row that stands in its way, where it is one. */
  other?: { source: number; row: number };
}

export interface BulkCounts {
  /** Files that are new or other than before. */
  written: number;
  /** Of these, files that {@link LedgerRepository.isPage}. */
  pages: number;
  unchanged: number;
  kept: number;
  replaced: number;
  refused: number;
  /** What the pages would be after it. */
  pagesAfter: number;
}

export interface BulkResult {
  /** Undefined: there was nothing to change. */
  commit: Oid | undefined;
  counts: BulkCounts;
  /** True: an earlier attempt had landed, and nobody counted: all counts are 0. */
  isRepeated?: true;
}

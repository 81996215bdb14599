import type { BulkRunRef } from '../../git/bulk/bulk-run.ts';
import type { BatchCounts } from '../engine/batch.ts';
import type { RowFailure } from '../row.ts';
import type { SourcePosition } from '../source.ts';

/**
 * An import as it is kept: a swap document `jobs/<wiki uuid>/<id>`. What it reads lies under `job-files/<wiki uuid>/<id>/`.
 *
 * `awaiting_upload` → `queued` → `running` → `committing` → `done`, `failed` or `cancelled`. Who works on a part holds its lease, and
 * a lease that ran out is taken over: any part may be worked on twice without harm.
 */
export interface Job {
  id: string;
  state: JobState;
  /** Whose rights count, as of a request. */
  principal: JobPrincipal;
  createdMs: number;
  startedMs?: number;
  endedMs?: number;
  source: JobSource;
  options: JobOptions;
  /** Head of the wiki when the job was made: against it edits that were made meanwhile are told. */
  baseHead?: string;
  /** Of the wiki's ledger, from before the first pack was stored. */
  collections?: number;
  /** Of the source, once it was looked at. */
  bytesTotal?: number;
  /** Lines on what the source holds and the import leaves out. */
  left?: readonly string[];
  /** Empty until it is known how the source can be parted. */
  parts: JobPart[];
  /** The first 100 so far; all of them are in the error files. */
  failures?: readonly RowFailure[];
  /** Keys of the NDJSON objects that hold all failures. */
  errorFiles?: readonly string[];
  /** The commits so far: one at the end, or one for so many pages. */
  commits: string[];
  /** The commit that is being made. */
  pending?: PendingCommit;
  /** Set while the source is looked at, and while it commits, so that one worker does. */
  lease?: Lease;
  /** How often that was begun and never ended. */
  attempts?: number;
  /** Of all commits so far. */
  report?: JobReport;
  error?: { code: string; message: string };
  cancelRequested?: boolean;
  /** It has ended, and what only an unfinished job needs was removed. */
  isSwept?: boolean;
}

export type JobState =
  | 'awaiting_upload'
  | 'queued'
  | 'running'
  | 'committing'
  | 'done'
  | 'failed'
  | 'cancelled';

export interface JobPrincipal {
  id: string;
  author?: { name: string; email: string };
  standing: string;
  grants: readonly string[];
  names: readonly string[];
  scope?: { rights: readonly string[]; prefix?: string };
  token?: { ownerId: string; expiresMs?: number };
}

export type JobSource =
  /** Uploaded: an object of the store. `uploadId` names the unfinished multipart upload. */
  | {
      kind: 'stored';
      key: string;
      name: string;
      /** As announced. */
      bytes: number;
      uploadId?: string;
      /** Size of the parts of that upload. */
      partBytes?: number;
      /** Objects that make up the source one after another, in place of `key`: what was sent so far. */
      segments?: readonly SourceSegment[];
    }
  /** A file or folder of the machine that the job was made on. `modifiedMs`: when a file was last changed. */
  | { kind: 'local'; path: string; name: string; bytes: number; modifiedMs?: number }
  /** A git repository to be fetched over HTTP. */
  | { kind: 'url'; url: string; name: string };

export interface SourceSegment {
  key: string;
  bytes: number;
}

export interface JobOptions {
  /** Undefined: told from the content. `push`: what git would send to push, sent ahead as a file. */
  format?: 'csv' | 'ndjson' | 'xlsx' | 'markdown' | 'git' | 'push';
  /** As it was given; undefined: columns `path` and `content`. */
  pipeline?: unknown;
  existing: 'skip' | 'overwrite' | 'merge' | 'fail';
  /** What a row that fails does. */
  onError: 'skip' | 'fail';
  dryRun: boolean;
  /** Pages below which everything is put. */
  into?: string;
  message?: string;
  author?: { name: string; email: string };
  /** Pages of a commit; undefined: one commit for all. */
  commitPages?: number;
  /** A source with more rows is refused. */
  maxRows?: number;
  reading?: JobReading;
}

/** How the source is read, where its content does not tell. */
export interface JobReading {
  /** A label of the Encoding standard. */
  encoding?: string;
  /** Of CSV: one character. */
  delimiter?: string;
  /** Of CSV without a header: the names of its columns. */
  columns?: readonly string[];
  /** Takes rows of CSV with fewer cells than there are columns, and with empty ones behind. */
  isLenient?: boolean;
  /** Of a workbook. Default: the first. */
  sheet?: string;
  /** What wrote an archive. Default: told from what it holds. */
  convention?: 'plain' | 'obsidian' | 'notion' | 'outline';
  /** Files that are no pages. Default: beside. */
  attachments?: 'beside' | 'all' | 'none';
  /** Takes names that begin with a dot, and `node_modules`. */
  hidden?: boolean;
  /** Of a git repository. Default: that of HEAD. */
  branch?: string;
}

export interface PendingCommit {
  /** 32 hex digits, which its commit carries: one that landed before anybody could say so is found by it. */
  requestId: string;
  /** Head of the wiki before the first attempt; absent: it had none. */
  since?: string;
  /** How many of the first runs of each part are in it. */
  runs: readonly number[];
  /** What it comes to, and where its failures lie: written before it can land. */
  report?: JobReport;
  failures?: readonly RowFailure[];
  errorFile?: string;
}

export interface JobPart {
  /** Where it begins and ends; understood by the source. */
  from?: SourcePosition;
  to?: SourcePosition;
  /** The checkpoint: all before it is in `runs`. */
  position?: SourcePosition;
  runs: BulkRunRef[];
  counts: BatchCounts;
  /** Of this part. */
  bytesRead: number;
  /** Of the source, before this part. */
  startBytes?: number;
  isDone: boolean;
  lease?: Lease;
  /** How often it was begun since the last checkpoint. */
  attempts?: number;
}

export interface Lease {
  /** Random. */
  worker: string;
  untilMs: number;
}

export interface JobReport {
  /** Of the commit. */
  written: number;
  attachments: number;
  unchanged: number;
  skipped: number;
  merged: number;
  failed: number;
  /** The first 100; the rest is in the job's error files. */
  failures: readonly RowFailure[];
  /** Lines worth knowing. */
  notes?: readonly string[];
}

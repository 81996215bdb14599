import type { BulkRunRef } from '../../git/bulk/bulk-run.ts';
import type { RowFailure } from '../row.ts';
import type { SourcePosition } from '../source.ts';

/** What a part of an import came to so far: stored, and worth a checkpoint. */
export interface FinishedBatch {
  /** The runs of this batch with their packs; none where no page came of it. */
  readonly runs: readonly BulkRunRef[];
  readonly counts: BatchCounts;
  readonly failures: readonly RowFailure[];
  /** From here reading goes on. */
  readonly position: SourcePosition;
  readonly bytesRead: number;
}

/** Each row counts once: it became pages, or was left out by the pipeline, or failed. */
export interface BatchCounts {
  rows: number;
  /** Files that the batch holds. */
  pages: number;
  attachments: number;
  /** That the wiki had with the same content when the batch was made. */
  unchanged: number;
  /** Rows that operators left out. */
  filtered: number;
  failed: number;
  /** Of the contents, before deflating. */
  contentBytes: number;
}

import type { BulkRunRef } from '../../git/bulk/bulk-run.ts';
import type { RowFailure } from '../row.ts';
import type { RowChunk, SourcePosition } from '../source.ts';

/** What a part of an import came to so far: stored, and worth a checkpoint. */
export interface FinishedBatch {
  /** The runs of this batch with their packs; none where no page came of it. */
  readonly runs: readonly BulkRunRef[];
  readonly counts: BatchCounts;
  /** By source, then row. */
  readonly failures: readonly RowFailure[];
  /** From here reading goes on. */
  readonly position: SourcePosition;
  readonly bytesRead: number;
  /** The first files of a dry run's batch. */
  readonly sample?: readonly SampleFile[];
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
  /** What was seen in passing, by kind. */
  notes?: RowChunk['notes'];
}

/** A file as a dry run shows it. */
export interface SampleFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Where it stands in the wiki: with the same content, with another, or not at all. */
  readonly present: Present;
  /** The beginning of its text; undefined: it is no text. */
  readonly text: string | undefined;
}

export type Present = 'absent' | 'same' | 'other';

export function noCounts(): BatchCounts {
  return { rows: 0, pages: 0, attachments: 0, unchanged: 0, filtered: 0, failed: 0, contentBytes: 0 };
}

/** Adds `more` to `counts`. */
export function addCounts(counts: BatchCounts, more: Readonly<BatchCounts>): void {
  counts.rows += more.rows;
  counts.pages += more.pages;
  counts.attachments += more.attachments;
  counts.unchanged += more.unchanged;
  counts.filtered += more.filtered;
  counts.failed += more.failed;
  counts.contentBytes += more.contentBytes;
  addNotes(counts, more.notes);
}

/** Adds what was seen in passing. */
export function addNotes(counts: BatchCounts, notes: BatchCounts['notes']): void {
  for (const [kind, count] of Object.entries(notes ?? {}))
    counts.notes = { ...counts.notes, [kind]: (counts.notes?.[kind] ?? 0) + count };
}

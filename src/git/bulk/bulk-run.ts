import type { PackRef } from '../ledger/ledger.ts';

/**
 * A sorted run: what a batch of new files came to, stored as one object and one pack. The blobs are in the pack, whole; the rows in the
 * run, sorted by path (bytes), tell where. Runs of many batches are merged into the trees and the map of one commit, of which only a
 * window is in memory.
 */
export interface BulkRunRef {
  /** Of the run. */
  readonly key: string;
  readonly bytes: number;
  /** Files in the run. */
  readonly rows: number;
  /** Undefined where all blobs were known. */
  readonly pack: PackRef | undefined;
  /** Packs of single large blobs that the rows name. Default: none. */
  readonly large?: readonly PackRef[];
}

/** One file of a run. */
export interface BulkRow {
  path: string;
  /** Of the blob, lower-case hex. */
  oid: string;
  /** Of the blob, in bytes. */
  size: number;
  /** In the run's pack; undefined: the wiki had the blob already, or it lies in a pack of its own. */
  place: { offset: number; length: number } | undefined;
  /** As maps keep it; undefined: the file has none. */
  description: string | undefined;
  /** What it links to: keys of {@link View.sources}. */
  targets: readonly string[];
  /** Orders files of one path, and names the row in reports: the first origin's source and row, and all of them as text. */
  source: number;
  row: number;
}

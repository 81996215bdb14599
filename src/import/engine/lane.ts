import type { Oid } from '../../git/object/objects.ts';
import type { WikiSettings } from '../../wiki/settings.ts';
import type { Origins, RowFailure } from '../row.ts';
import type { RecordParsing } from '../source.ts';
import type { BatchCounts, Present, SampleFile } from './batch.ts';
import type { BuiltBatch, StoredContent } from './batch-builder.ts';

/** Where rows are parsed, contents are hashed and deflated: this thread, or one beside it. Works on what it takes in turn. */
export interface Lane {
  /** How much it may be given before it is done with it. */
  readonly limit: number;
  /** Resolves when it is worked on, with what became full by it. */
  take(task: LaneTask): Promise<BuiltBatch[]>;
  /** Ends a batch: the rest of what was taken since the last one. */
  finish(): Promise<LaneResult>;
  /** Resolves when it has ended, whatever it was at. */
  stop(): Promise<void>;
}

/** Whole records of a source; or items that a pipeline made. */
export type LaneTask =
  | { readonly kind: 'records'; readonly bytes: Uint8Array<ArrayBuffer>; readonly firstRow: number }
  | { readonly kind: 'items'; readonly items: readonly LaneItem[] };

/** A `PageItem` whose content is in memory, or stored. */
export interface LaneItem {
  readonly path: string;
  readonly content: string | Uint8Array | StoredContent;
  readonly origins: Origins;
}

export interface LaneResult {
  built: BuiltBatch[];
  counts: BatchCounts;
  failures: RowFailure[];
  sample: SampleFile[];
}

/** Plain data. */
export interface LaneSetup {
  readonly settings: WikiSettings;
  /** Names of the sources, by number. */
  readonly sources: readonly string[];
  /** Bytes of contents from which on a pack is ended. */
  readonly batchBytes: number;
  /** How many files of each batch are kept as a sample, instead of packing them. */
  readonly dryRun: number | undefined;
  /** Of tasks of records. */
  readonly parsing: RecordParsing | undefined;
  readonly pipeline: unknown;
}

/** Where files stand in the wiki. Undefined: it is empty. */
export type LookUp = (files: readonly FileId[]) => Promise<Present[]>;

export interface FileId {
  readonly path: string;
  readonly oid: Oid;
}

import type { LedgerRepository } from '../../git/open.ts';
import type { RowPipeline } from '../pipeline/row-pipeline.ts';
import type { RowFailure } from '../row.ts';
import type { RowSource, SourcePosition } from '../source.ts';
import type { BatchCounts } from './batch.ts';
import type { LaneTask } from './lane.ts';

/** What is read of a source at once, and what was told on the way. */
export interface SourceTask {
  /** Undefined: nothing came of it that is to be worked on. */
  readonly work: LaneTask | undefined;
  /** About what the work takes in memory. */
  readonly bytes: number;
  readonly counts: BatchCounts;
  readonly failures: readonly RowFailure[];
  /** Behind it. Undefined: reading cannot go on from here. */
  readonly position: SourcePosition | undefined;
  readonly bytesRead: number;
}

export interface ReadOptions {
  repository: LedgerRepository;
  source: RowSource;
  pipeline: RowPipeline;
  from?: SourcePosition;
  to?: SourcePosition;
  batchBytes?: number;
  workers?: number;
  dryRun?: boolean;
  signal?: AbortSignal | undefined;
}

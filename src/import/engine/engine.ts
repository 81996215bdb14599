import type { LedgerRepository } from '../../git/open.ts';
import type { RowPipeline } from '../pipeline/row-pipeline.ts';
import type { RowSource, SourcePosition } from '../source.ts';
import type { FinishedBatch } from './batch.ts';

/** Rows of one part of a source, made into stored batches. */
export interface EngineOptions {
  repository: LedgerRepository;
  source: RowSource;
  pipeline: RowPipeline;
  /** A checkpoint of an earlier run. */
  from?: SourcePosition;
  /** Reading ends here; undefined: at the end of the source. */
  to?: SourcePosition;
  /** Prefix of the keys of runs: `job-files/<wiki uuid>/<job>/`. */
  runPrefix: string;
  /** Bytes of contents of one batch. Default 32 MiB. */
  batchBytes?: number;
  /** Threads beside this one; 0: all in this thread. */
  workers?: number;
  /** How many files a dry run keeps of each batch as a sample; nothing is stored then. */
  dryRun?: boolean;
  signal?: AbortSignal | undefined;
}

export type RunEngine = (options: EngineOptions) => AsyncIterable<FinishedBatch>;

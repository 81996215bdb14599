import type { PageItem } from '../page-item.ts';
import type { Row, RowFailure } from '../row.ts';

/** A pipeline that was checked and is ready to run: rows in, files out. */
export interface RowPipeline {
  /**
   * Plain data that makes the same pipeline in another thread, by {@link compilePipeline}. Undefined where it holds functions of the
   * caller.
   */
  readonly spec: unknown;
  /** True: each row is worked on for itself, so that parts and pieces may be worked on apart and in any order. */
  readonly isRowWise: boolean;
  /** One row at a time; only where the pipeline {@link RowPipeline.isRowWise}. Never throws for what a row holds. */
  each?(row: Row, into: PipelineOutput): void;
  /** All rows of a stream, with bounded queues between operators. Deterministic: the same rows come to the same files in the same order. */
  stream(
    rows: AsyncIterable<readonly Row[]>,
    into: PipelineOutput,
    signal?: AbortSignal,
  ): AsyncIterable<readonly PageItem[]>;
}

/** Gets what comes of rows. */
export interface PipelineOutput {
  item(item: PageItem): void;
  failure(failure: RowFailure): void;
  /** A row that was left out on purpose. */
  filtered(count: number): void;
}

import type { RowPipeline } from '../pipeline/row-pipeline.ts';
import type { BuiltBatch } from './batch-builder.ts';
import type { Lane, LaneResult, LaneSetup, LaneTask, LookUp } from './lane.ts';
import { LaneWork } from './lane-work.ts';

/** A lane in the thread that asks. */
export class ThreadLane implements Lane {
  readonly limit = 1;
  readonly #work: LaneWork;

  constructor(setup: LaneSetup, pipeline: RowPipeline, lookUp: LookUp | undefined) {
    this.#work = new LaneWork(setup, pipeline, lookUp);
  }

  take(task: LaneTask): Promise<BuiltBatch[]> {
    return this.#work.take(task);
  }

  finish(): Promise<LaneResult> {
    return this.#work.finish();
  }

  async stop(): Promise<void> {}
}

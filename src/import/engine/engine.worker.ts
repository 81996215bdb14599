import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { isKittiwakeError } from '../../core/errors.ts';
import { compilePipeline } from '../pipeline/compile.ts';
import type { PipelineSpec } from '../pipeline/pipeline.ts';
import type { Present } from './batch.ts';
import type { LookUp } from './lane.ts';
import {
  buffersOf,
  type FromLane,
  type LaneThreadData,
  type PlainError,
  type ToLane,
} from './lane-message.ts';
import { LaneWork } from './lane-work.ts';

/** The thread of `worker-lane.ts`. */
if (parentPort) run(parentPort, workerData as LaneThreadData);

function run(port: MessagePort, { setup, looksUp }: LaneThreadData): void {
  const tell = (message: FromLane, buffers: ArrayBuffer[] = []) => port.postMessage(message, buffers);
  let answered: (present: Present[]) => void = () => {};
  const lookUp: LookUp = files =>
    new Promise(resolve => {
      answered = resolve;
      tell({ kind: 'look up', files });
    });
  const pipeline = setup.pipeline === undefined ? undefined : compilePipeline(setup.pipeline as PipelineSpec);
  const work = new LaneWork(setup, pipeline, looksUp ? lookUp : undefined);

  async function handle(message: ToLane): Promise<void> {
    if (message.kind === 'take') {
      const built = await work.take(message.task);
      tell({ kind: 'taken', built }, buffersOf(built));
    } else if (message.kind === 'finish') {
      const result = await work.finish();
      tell({ kind: 'finished', result }, buffersOf(result.built));
    }
  }

  let last = Promise.resolve();
  port.on('message', (message: ToLane) => {
    if (message.kind === 'stop') port.close();
    else if (message.kind === 'present') answered(message.present);
    else
      last = last.then(() => handle(message)).catch(error => tell({ kind: 'failed', error: plain(error) }));
  });
}

function plain(error: unknown): PlainError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (isKittiwakeError(error)) return { code: error.code, message, data: error.data, stack };
  return { code: undefined, message, data: {}, stack };
}

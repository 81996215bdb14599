import { Worker } from 'node:worker_threads';
import { KittiwakeError } from '../../core/errors.ts';
import type { BuiltBatch } from './batch-builder.ts';
import { laneDied } from './errors.ts';
import type { Lane, LaneResult, LaneSetup, LaneTask, LookUp } from './lane.ts';
import type { FromLane, LaneThreadData, PlainError, ToLane } from './lane-message.ts';

const SCRIPT = new URL('./engine.worker.ts', import.meta.url);
/**
 * What a lane holds lies outside of V8's heap; a small heap keeps V8 from letting garbage pile up. How far it lets the heap grow before it
 * marks all of it depends on the limit: 512 MB make a tenth more work, 2 GB take 50 MB more.
 */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1_024 };
/** One task is worked on while the next one is there. */
const TASKS = 2;

interface Waiting {
  resolve(answer: never): void;
  reject(error: unknown): void;
}

/** A lane in a thread of its own. @throws `import_worker_died` from then on when the thread ends */
export class WorkerLane implements Lane {
  readonly limit = TASKS;
  readonly #worker: Worker;
  readonly #lookUp: LookUp | undefined;
  /** In the order in which the thread answers. */
  readonly #waiting: Waiting[] = [];
  #failure: unknown;

  constructor(setup: LaneSetup, lookUp: LookUp | undefined, script = SCRIPT) {
    const data: LaneThreadData = { setup, looksUp: lookUp !== undefined };
    this.#worker = new Worker(script, { workerData: data, resourceLimits: RESOURCE_LIMITS });
    this.#lookUp = lookUp;
    this.#worker.on('message', (message: FromLane) => this.#hear(message));
    this.#worker.once('error', error => this.#fail(laneDied(error)));
    this.#worker.once('exit', code => this.#fail(laneDied(`it ended with ${code}`)));
  }

  take(task: LaneTask): Promise<BuiltBatch[]> {
    return this.#ask({ kind: 'take', task }, task.kind === 'records' ? [task.bytes.buffer] : []);
  }

  finish(): Promise<LaneResult> {
    return this.#ask({ kind: 'finish' }, []);
  }

  async stop(): Promise<void> {
    this.#fail(laneDied('it was stopped'));
    await this.#worker.terminate();
  }

  #ask<T>(message: ToLane, buffers: ArrayBuffer[]): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(message, buffers);
    });
  }

  #hear(message: FromLane): void {
    if (message.kind === 'look up') void this.#answer(message.files);
    else if (message.kind === 'failed') this.#fail(restored(message.error));
    else this.#waiting.shift()?.resolve((message.kind === 'taken' ? message.built : message.result) as never);
  }

  async #answer(files: Parameters<LookUp>[0]): Promise<void> {
    try {
      const present = (await this.#lookUp?.(files)) ?? [];
      this.#worker.postMessage({ kind: 'present', present } satisfies ToLane);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

function restored({ code, message, data, stack }: PlainError): Error {
  const error =
    code === undefined ? new Error(message) : new KittiwakeError(code, message, { data: { ...data } });
  if (stack !== undefined) error.stack = stack;
  return error;
}

import type { LedgerRepository } from '../../git/open.ts';
import type { View } from '../../git/repository.ts';
import { DEFAULT_SETTINGS, type WikiSettings } from '../../wiki/settings.ts';
import type { RowPipeline } from '../pipeline/row-pipeline.ts';
import type { RowSource, SourcePosition } from '../source.ts';
import type { FinishedBatch } from './batch.ts';
import type { Lane, LaneSetup } from './lane.ts';
import { type LaneGroup, openLanes } from './lane-group.ts';
import { createLookUp } from './look-up.ts';
import type { SourceTask } from './reading.ts';
import { isCutByRecords, readTasks } from './source-tasks.ts';
import { ThreadLane } from './thread-lane.ts';
import { WorkerLane } from './worker-lane.ts';

/** Rows of one part of a source, made into stored batches. */
export interface EngineOptions {
  repository: LedgerRepository;
  /** In which files are looked up: as who imports may read it, for what is told of them. Default: all of the newest. */
  view?: View;
  source: RowSource;
  pipeline: RowPipeline;
  /** Names of the sources whose rows there are, by their number in runs. Default: that of `source`. */
  sources?: readonly string[];
  /** A checkpoint of an earlier run. */
  from?: SourcePosition;
  /** Reading ends here; undefined: at the end of the source. */
  to?: SourcePosition;
  /** Prefix of the keys of runs: `job-files/<wiki uuid>/<job>/`. */
  runPrefix: string;
  /** Bytes of contents of one batch, in each thread. Default 16 MiB. */
  batchBytes?: number;
  /** Threads beside this one; 0: all in this thread. */
  workers?: number;
  /** Nothing is stored: batches tell what would be, with a sample of it. */
  dryRun?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Makes the rows of a source into stored batches, told in order.
 * @throws KittiwakeError those of the source; `import_worker_died`; those of {@link ByteStore.put}; what `signal` is aborted with. What
 * was stored and not told of is left behind then, for a collection to remove
 */
export type RunEngine = (options: EngineOptions) => AsyncGenerator<FinishedBatch>;

const BATCH_BYTES = 16 << 20;
/** Files of each batch of a dry run. */
const SAMPLE_FILES = 20;

/**
 * An engine for a wiki of these settings. A batch is made by all threads together: each makes a pack and a run of what it took, so
 * which thread took what shows in nothing but in which run a row is.
 * @param script of the threads; for tests
 */
export function createEngine(settings: WikiSettings = DEFAULT_SETTINGS, script?: URL): RunEngine {
  return async function* run(options) {
    const lanes = await open(options, settings, script);
    try {
      yield* batches(lanes, options);
    } finally {
      await lanes.stop();
    }
  };
}

async function* batches(lanes: LaneGroup, options: EngineOptions): AsyncGenerator<FinishedBatch> {
  const { batchBytes = BATCH_BYTES, signal } = options;
  let ending: Promise<FinishedBatch> | undefined;
  let tasks: SourceTask[] = [];
  let bytes = 0;
  for await (const task of readTasks(options)) {
    signal?.throwIfAborted();
    tasks.push({ ...task, work: undefined });
    bytes += task.bytes;
    if (task.work) await lanes.give(task.work);
    if (task.position === undefined || bytes < batchBytes * lanes.count) continue;
    const next = lanes.end(tasks);
    if (ending) yield await ending;
    ending = next;
    tasks = [];
    bytes = 0;
  }
  if (ending) yield await ending;
  signal?.throwIfAborted();
  if (tasks.length > 0) yield await lanes.end(tasks);
}

async function open(
  options: EngineOptions,
  settings: WikiSettings,
  script: URL | undefined,
): Promise<LaneGroup> {
  const { repository, source, pipeline, workers = 0, dryRun = false } = options;
  const lookUp = createLookUp(options.view ?? (await repository.view()));
  const setup: LaneSetup = {
    settings,
    sources: options.sources ?? [source.name],
    batchBytes: options.batchBytes ?? BATCH_BYTES,
    dryRun: dryRun ? SAMPLE_FILES : undefined,
    parsing: isCutByRecords(options) ? source.records?.parsing : undefined,
    pipeline: isCutByRecords(options) ? pipeline.spec : undefined,
  };
  const lanes: Lane[] =
    workers === 0
      ? [new ThreadLane(setup, pipeline, lookUp)]
      : Array.from({ length: workers }, () => new WorkerLane(setup, lookUp, script));
  return openLanes(lanes, options);
}

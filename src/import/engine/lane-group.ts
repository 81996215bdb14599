import type { BulkRunRef } from '../../git/bulk/bulk-run.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { RowFailure } from '../row.ts';
import { addCounts, type FinishedBatch, noCounts } from './batch.ts';
import type { BuiltBatch } from './batch-builder.ts';
import type { Lane, LaneResult, LaneTask } from './lane.ts';
import type { SourceTask } from './reading.ts';
import { storeBatch } from './store-batch.ts';

interface GroupOptions {
  repository: LedgerRepository;
  runPrefix: string;
  dryRun?: boolean;
}

/** Some lanes that make batches together. */
export interface LaneGroup {
  readonly count: number;
  /** Resolves when the lane that has least to do has taken the task, and is not to have more than it does. */
  give(task: LaneTask): Promise<void>;
  /** Ends the batch of what was given since the last one; what is given next belongs to the next one. */
  end(tasks: readonly SourceTask[]): Promise<FinishedBatch>;
  /** Ends the lanes, whatever they are at. */
  stop(): Promise<void>;
}

export function openLanes(lanes: readonly Lane[], options: GroupOptions): LaneGroup {
  const { repository, runPrefix, dryRun = false } = options;
  const busy = lanes.map(lane => ({ lane, tasks: new Set<Promise<void>>() }));
  const storing = new Set<Promise<BulkRunRef>>();
  let stored: Promise<BulkRunRef>[] = [];

  function store(built: readonly BuiltBatch[]): Promise<BulkRunRef>[] {
    if (dryRun) return [];
    return built.map(batch => {
      const run = handled(storeBatch(repository, runPrefix, batch));
      storing.add(run);
      run.finally(() => storing.delete(run)).catch(() => {});
      return run;
    });
  }

  async function give(task: LaneTask): Promise<void> {
    const [least] = busy.toSorted((a, b) => a.tasks.size - b.tasks.size);
    if (!least) throw new RangeError('An engine needs a lane');
    const runs = stored;
    const working: Promise<void> = least.lane.take(task).then(async built => {
      const made = store(built);
      runs.push(...made);
      await Promise.all(made);
      least.tasks.delete(working);
    });
    least.tasks.add(handled(working));
    while (busy.every(({ lane, tasks }) => tasks.size >= lane.limit))
      await Promise.race(busy.flatMap(({ tasks }) => [...tasks]));
  }

  async function end(tasks: readonly SourceTask[]): Promise<FinishedBatch> {
    const runs = stored;
    stored = [];
    const before = busy.flatMap(each => [...each.tasks]);
    const results = await Promise.all(
      lanes.map(async lane => {
        const result = await lane.finish();
        runs.push(...store(result.built));
        return result;
      }),
    );
    await Promise.all(before);
    return finished(tasks, results, await Promise.all(runs));
  }

  return {
    count: lanes.length,
    give,
    end: tasks => handled(end(tasks)),
    async stop() {
      await Promise.all(lanes.map(lane => lane.stop()));
      await Promise.allSettled(storing);
    },
  };
}

/** Whoever waits for it is told; that nobody waits yet is no failure of its own. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function finished(
  tasks: readonly SourceTask[],
  results: readonly LaneResult[],
  runs: readonly BulkRunRef[],
): FinishedBatch {
  const last = tasks.at(-1);
  const counts = noCounts();
  for (const each of [...tasks, ...results]) addCounts(counts, each.counts);
  const failures = [...tasks, ...results].flatMap(each => each.failures);
  const sample = results.flatMap(each => each.sample);
  return {
    runs,
    counts,
    failures: failures.sort(compareFailures),
    position: last?.position,
    bytesRead: last?.bytesRead ?? 0,
    ...(sample.length === 0 ? {} : { sample }),
  };
}

function compareFailures({ origins: [a] }: RowFailure, { origins: [b] }: RowFailure): number {
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.row - b.row;
}

import { isKittiwakeError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Service } from '../lazy/app.ts';
import { createUpkeep } from '../lazy/upkeep.ts';
import { catchUp } from '../projection/catch-up.ts';

export interface RunOptions {
  runtime: Runtime;
  log: Logger;
  /** When to begin nothing more and to end what goes on in batches, in runtime milliseconds. */
  deadlineMs: number;
  /** The schedule asked for it: then everything of the upkeep is due. */
  scheduled: boolean;
  /** Of all packs that one merge reads, which are in memory together with what is written. */
  maxMergeBytes: number;
}

/** What a run works on. */
export type ProjectedWiki = Pick<Service, 'repository' | 'search' | 'drafts' | 'users'>;

/** What a run came to. */
export interface Run {
  /** For the log: counts, and what was not reached in time. */
  counts: Record<string, number | string>;
  /** Undefined: the projections are at the head, or on their way. */
  projectionError: unknown;
  /** The first failure of all. */
  error: unknown;
}

/** As many packs have gathered that a merge should not wait for the schedule. */
const MANY_PACKS = 12;
/** What a journal is flushed at by the writers, who also wait for a number of swaps: one that came in few stays. */
const LARGE_JOURNAL = { minBytes: 64 << 10, idleMs: 5 * 60_000 };
/** A merge reads and writes its packs between two looks at the clock; other steps store an index or list what is stored. */
const MERGE_MS = 30_000;
const STEP_MS = 10_000;

/**
 * Brings the projections of a wiki to the head and does its upkeep. What fails is logged and keeps nothing else from being done.
 * Any number may run at once: what they change is changed by swaps.
 */
export async function runProjections(service: ProjectedWiki, options: RunOptions): Promise<Run> {
  const { runtime, log, deadlineMs, scheduled } = options;
  const run: Run = { counts: {}, projectionError: undefined, error: undefined };
  const attempt = async (name: string, neededMs: number, work: () => Promise<Run['counts']>) => {
    if (runtime.now() + neededMs > deadlineMs) {
      run.counts[name] = 'late';
      return undefined;
    }
    try {
      Object.assign(run.counts, await work());
      return undefined;
    } catch (error) {
      run.counts[name] = isKittiwakeError(error, 'deadline_exceeded') ? 'late' : 'failed';
      if (run.counts[name] === 'late') return undefined;
      log.failure('projection_failed', error, { step: name });
      run.error ??= error;
      return error;
    }
  };
  for (const { name, work } of projectionsOf(service, options)) {
    const error = await attempt(name, 0, work);
    run.projectionError ??= error;
  }
  for (const { name, neededMs, work } of upkeepOf(service, options)) {
    if (scheduled || (name === 'merge' && packsOf(service) >= MANY_PACKS))
      await attempt(name, neededMs, work);
  }
  return run;
}

/** One after the other: they share the processor and the connection. */
function projectionsOf(service: ProjectedWiki, { deadlineMs, runtime }: RunOptions) {
  const search = async () => {
    const [repository, { projection, publishing }] = await Promise.all([
      service.repository(),
      service.search(),
    ]);
    const newest = () => repository.view({ maxAgeMs: 0 });
    const view = await newest();
    await catchUp(projection, view, { newest, deadlineMs });
    const isLate = runtime.now() + STEP_MS > deadlineMs;
    const index = isLate ? 'late' : ((await publishing?.publish(view)) ?? 'local');
    return { head_ordinal: view.ordinal, index };
  };
  return [{ name: 'search', work: search }];
}

/** In this order: what is flushed can be merged, what was merged be collected. */
function upkeepOf(service: ProjectedWiki, { maxMergeBytes }: RunOptions) {
  const upkeep = createUpkeep(service.repository);
  const flush = async () => ({ flushed: await upkeep.flushIdle(LARGE_JOURNAL) });
  const merge = async () => ({ merged: await upkeep.merge({ maxBytes: maxMergeBytes }) });
  const collect = async () => {
    const { condemned, deleted, waiting, swept } = await upkeep.collect({});
    const left = swept.uploads + swept.copies + swept.unfinished;
    return { condemned: condemned.length, deleted: deleted.length, waiting: waiting.length, swept: left };
  };
  const sweep = async () => {
    const swept = await (await service.search()).publishing?.sweep();
    return swept ? { indexes_condemned: swept.condemned, indexes_deleted: swept.deleted } : {};
  };
  const drafts = async () => ({ drafts_deleted: await service.drafts.sweep() });
  const owners = async () => ({ owners_told: await (await service.users()).finish() });
  return [
    { name: 'flush', neededMs: STEP_MS, work: flush },
    { name: 'merge', neededMs: MERGE_MS, work: merge },
    { name: 'collect', neededMs: STEP_MS, work: collect },
    { name: 'indexes', neededMs: STEP_MS, work: sweep },
    { name: 'drafts', neededMs: STEP_MS, work: drafts },
    { name: 'owners', neededMs: STEP_MS, work: owners },
  ];
}

function packsOf(service: ProjectedWiki): number {
  return service.repository.peek()?.swap.held()?.value.packs.length ?? 0;
}

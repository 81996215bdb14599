import { isKittiwakeError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { MetricValues } from '../core/metrics.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Service } from '../lazy/app.ts';
import { createUpkeep } from '../lazy/upkeep.ts';
import { runAll } from '../projection/run-all.ts';
import type { ProjectionRun, ProjectionStatus, RunnableProjection } from '../projection/runnable.ts';

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
export type ProjectedWiki = Pick<Service, 'repository' | 'projections' | 'drafts' | 'users'>;

/** What a run came to. */
export interface Run {
  /** For the log: counts, and what was not reached in time. */
  counts: Record<string, number | string>;
  /** Undefined: the projections are at the head, or on their way. */
  projectionError: unknown;
  /** The first failure of all. */
  error: unknown;
  /** What was given up; after a scheduled run also how far the projections are behind. */
  metrics: MetricValues;
}

/** As many packs have gathered that a merge should not wait for the schedule. */
const MANY_PACKS = 12;
/** What a journal is flushed at by the writers, who also wait for a number of swaps: one that came in few stays. */
const LARGE_JOURNAL = { minBytes: 64 << 10, idleMs: 5 * 60_000 };
/** A merge reads and writes its packs between two looks at the clock; other steps store an index or list what is stored. */
const MERGE_MS = 30_000;
const STEP_MS = 10_000;
/** The name of what pulls and pushes. */
const REMOTES = 'remotes';
/** Failures in a row. */
const FAILING = 3;

/**
 * Brings the projections of a wiki to the head and does its upkeep. What fails is logged and keeps nothing else from being done.
 * Any number may run at once: what they change is changed by swaps.
 */
export async function runProjections(service: ProjectedWiki, options: RunOptions): Promise<Run> {
  const { runtime, log, deadlineMs, scheduled } = options;
  const run: Run = { counts: {}, projectionError: undefined, error: undefined, metrics: {} };
  const fail = (name: string, error: unknown) => {
    run.counts[name] = 'failed';
    log.failure('projection_failed', error, { step: name });
    run.error ??= error;
  };
  const newest = async () => (await service.repository()).view({ maxAgeMs: 0 });
  const way = { newest, deadlineMs };
  const list = await listOf(service).catch(error => {
    fail('projections', error);
    run.projectionError = error;
    return [];
  });
  for (const ran of await runAll(list, way, runtime)) {
    if (ran.outcome === 'done') Object.assign(run.counts, named(ran.name, ran.counts));
    else if (ran.outcome === 'late') run.counts[ran.name] = 'late';
    else {
      fail(ran.name, ran.error);
      run.projectionError ??= ran.error;
    }
  }
  run.metrics = { DeadMessages: deadIn(run.counts), ...ofRemotes(run.counts) };
  for (const { name, neededMs, work } of upkeepOf(service, list, way, options)) {
    if (!scheduled && !(name === 'merge' && packsOf(service) >= MANY_PACKS)) continue;
    if (runtime.now() + neededMs > deadlineMs) run.counts[name] = 'late';
    else await work().then(counts => Object.assign(run.counts, counts), lateOr(fail, run, name));
  }
  if (scheduled) await tellImports(service, run).catch(error => fail('imports', error));
  if (scheduled && runtime.now() < deadlineMs) await tellLag(service, run).catch(error => fail('lag', error));
  return run;
}

/** Goes on with imports that nobody works on; it waits for no other upkeep, and takes little time. */
async function tellImports({ projections }: ProjectedWiki, run: Run): Promise<void> {
  const found = await (await projections()).wakeImports();
  if (found === undefined || found.queued + found.running === 0) return;
  const { queued, running, oldestSeconds, woken } = found;
  Object.assign(run.counts, { imports_queued: queued, imports_running: running, imports_woken: woken });
  const metrics = { ImportsQueued: queued, ImportsRunning: running, ImportAgeSeconds: oldestSeconds };
  run.metrics = { ...run.metrics, ...metrics };
}

/** Of those that stand worst. What is of another history, or was never taken in, is behind by all commits. */
async function tellLag({ projections }: ProjectedWiki, run: Run): Promise<void> {
  const statuses = await (await projections()).status();
  const failing = failingRemotes(statuses);
  // A host that does not answer is told apart.
  const others = statuses.filter(({ name }) => failing === 0 || name !== REMOTES);
  const inUse = others.filter(({ isOff, failure }) => !isOff && failure === undefined);
  const most = (of: (status: ProjectionStatus) => number) => Math.max(0, ...inUse.map(of));
  const commits = most(({ behind, head }) => behind?.commits ?? head.ordinal + 1);
  const seconds = most(({ behind }) => behind?.seconds ?? 0);
  const setAside = inUse.reduce((sum, each) => sum + each.setAside.length, 0);
  Object.assign(run.counts, { lag_commits: commits, lag_seconds: seconds, set_aside: setAside });
  if (failing > 0) run.counts.remotes_failing = failing;
  const ofThem = { RemotesFailing: failing || undefined };
  const lag = { ProjectionLag: commits, ProjectionLagSeconds: seconds, SetAside: setAside, ...ofThem };
  run.metrics = { ...run.metrics, ...lag };
}

/** Those in use that have failed so often in a row that it was no chance. */
function failingRemotes(statuses: readonly ProjectionStatus[]): number {
  const { setAside = [] } = statuses.find(({ name }) => name === REMOTES) ?? {};
  return setAside.filter(({ attempts }) => attempts >= FAILING).length;
}

/** What this run came to with them. Undefined: nothing of the kind. */
function ofRemotes({ remotes_failed: failed, remotes_conflicts: conflicts }: Run['counts']): MetricValues {
  return { RemoteFailures: Number(failed) || undefined, RemoteConflicts: Number(conflicts) || undefined };
}

/** Messages that were given up. Undefined: none. */
function deadIn(counts: Run['counts']): number | undefined {
  const dead = Object.entries(counts).filter(([name]) => name.endsWith('_dead'));
  return dead.reduce((sum, [, count]) => sum + Number(count), 0) || undefined;
}

async function listOf({ projections }: ProjectedWiki): Promise<readonly RunnableProjection[]> {
  return (await projections()).list;
}

/** What came of the search has no prefix: it was there first. */
function named(projection: string, counts: Run['counts']): Run['counts'] {
  if (projection === 'search') return counts;
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${projection}_${name}`, count]));
}

function lateOr(fail: (name: string, error: unknown) => void, { counts }: Run, name: string) {
  return (error: unknown) => {
    if (isKittiwakeError(error, 'deadline_exceeded')) counts[name] = 'late';
    else fail(name, error);
  };
}

/** In this order: what is flushed can be merged, what was merged be collected. */
function upkeepOf(
  service: ProjectedWiki,
  projections: readonly RunnableProjection[],
  run: ProjectionRun,
  { maxMergeBytes }: RunOptions,
) {
  const upkeep = createUpkeep(service.repository);
  const flush = async () => ({ flushed: await upkeep.flushIdle(LARGE_JOURNAL) });
  const merge = async () => ({ merged: await upkeep.merge({ maxBytes: maxMergeBytes }) });
  const collect = async () => {
    const { condemned, deleted, waiting, swept } = await upkeep.collect({});
    const left = swept.uploads + swept.copies + swept.unfinished;
    return { condemned: condemned.length, deleted: deleted.length, waiting: waiting.length, swept: left };
  };
  const drafts = async () => ({ drafts_deleted: await service.drafts.sweep() });
  const owners = async () => ({ owners_told: await (await service.users()).finish() });
  const rendered = async () => ({ rendered_deleted: await (await service.projections()).sweepRendered() });
  const imports = async () => ({ imports_swept: await (await service.projections()).sweepImports() });
  const sweeps = projections.flatMap(({ name, sweep }) => {
    const work = async () => named(name, (await sweep?.(run)) ?? {});
    return sweep ? [{ name: `sweep_${name}`, neededMs: STEP_MS, work }] : [];
  });
  return [
    { name: 'flush', neededMs: STEP_MS, work: flush },
    { name: 'merge', neededMs: MERGE_MS, work: merge },
    { name: 'collect', neededMs: STEP_MS, work: collect },
    { name: 'drafts', neededMs: STEP_MS, work: drafts },
    { name: 'owners', neededMs: STEP_MS, work: owners },
    { name: 'rendered', neededMs: STEP_MS, work: rendered },
    { name: 'imports', neededMs: STEP_MS, work: imports },
    ...sweeps,
  ];
}

function packsOf(service: ProjectedWiki): number {
  return service.repository.peek()?.swap.held()?.value.packs.length ?? 0;
}

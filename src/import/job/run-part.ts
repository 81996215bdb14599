import type { KittiwakeError } from '../../core/errors.ts';
import { bindRepository } from '../../wiki/bound/bound-repository.ts';
import type { FinishedBatch } from '../engine/batch.ts';
import { sourceReplaced } from '../errors.ts';
import type { Job } from './job.ts';
import { overBounds } from './job-bounds.ts';
import { withPlaces } from './row-place.ts';
import { failed, withBatch, withHistory, withPartDone, withPush } from './run-changes.ts';
import type { OpenHistory, OpenPush, OpenRows } from './run-environment.ts';
import { isFinal, LeaseLost, rowFailed } from './run-errors.ts';
import { jobPrefix, storeFailures, storeSample } from './run-files.ts';
import { changeJob, leaseFrom, type Working, withLease } from './run-lease.ts';
import { isEnded } from './run-steps.ts';

/** True: it is not to go on, as its time is over or it was told to stop. */
export type IsOver = () => boolean;

/**
 * Reads a part whose lease is held, from its checkpoint on; each batch is worth one.
 * @param afterBatch may commit what there is, while the part stays held
 * @throws LeaseLost also when the job has failed; KittiwakeError those of sources, pipelines and the engine
 */
export async function runPart(
  working: Working,
  { source, pipeline, sources }: OpenRows,
  { index, job }: { index: number; job: Job },
  { isOver, afterBatch }: { isOver: IsOver; afterBatch(job: Job): Promise<void> },
): Promise<void> {
  const { engine, repository, accessOf, threads = 0, batchBytes } = working.environment;
  const { position, from, to } = job.parts[index] ?? {};
  const start = position ?? from;
  // Positions of a source that has changed meanwhile lead elsewhere.
  if (source.bytesTotal !== job.bytesTotal) throw sourceReplaced(source.name);
  await withLease(working, index, async signal => {
    const view = await bindRepository(repository, await accessOf(job.principal)).view();
    const batches = engine({
      repository,
      view,
      source,
      pipeline,
      sources,
      ...(start === undefined ? {} : { from: start }),
      ...(to === undefined ? {} : { to }),
      runPrefix: jobPrefix(repository.uuid, job.id),
      ...(batchBytes === undefined ? {} : { batchBytes }),
      workers: threads,
      dryRun: job.options.dryRun,
      signal,
    });
    let isFirst = index === 0 && position === undefined;
    for await (const made of batches) {
      const batch = { ...made, failures: withPlaces(made.failures, source) };
      await afterBatch(await keep(working, { index, batch, isFirst }));
      if (isOver()) return;
      isFirst = false;
    }
    await changeJob(working, current => withPartDone(current, index, working.worker));
  });
}

interface Kept {
  index: number;
  batch: FinishedBatch;
  /** Of the source; who makes it again has the same one. */
  isFirst: boolean;
}

/** Keeps what a batch came to, its failures first. With what is not to be, the job has failed in the same swap. */
async function keep(working: Working, { index, batch, isFirst }: Kept): Promise<Job> {
  const { repository } = working.environment;
  const prefix = jobPrefix(repository.uuid, working.id);
  const { failures, sample = [] } = batch;
  const errorFile = failures.length === 0 ? undefined : await storeFailures(repository, prefix, failures);
  if (isFirst && sample.length > 0) await storeSample(repository, prefix, sample);
  const job = await changeJob(working, current => {
    const next = withBatch(current, index, leaseFrom(working), { batch, errorFile });
    const refusal = refusalOf(next, batch);
    return refusal === undefined ? next : failed(next, refusal, repository.runtime.now());
  });
  if (isEnded(job)) throw new LeaseLost(job.id);
  return job;
}

function refusalOf(job: Job, { failures }: FinishedBatch): KittiwakeError | undefined {
  const [first] = failures;
  return job.options.onError === 'fail' && first !== undefined ? rowFailed(first) : overBounds(job);
}

const QUIET = { phase: () => {}, advance: () => {} };

/** Takes a git history in; begun anew by each attempt, which finds what an earlier one brought in. */
export async function runHistory(working: Working, history: OpenHistory): Promise<void> {
  const { runtime } = working.environment.repository;
  await withLease(working, 0, async signal => {
    const report = await history.bringIn({ progress: QUIET, signal });
    await changeJob(working, job => withHistory(job, working.worker, report, runtime.now()));
  });
}

/** Lands a push; what passes by itself is thrown, for another attempt. */
export async function runPush(working: Working, push: OpenPush): Promise<void> {
  const { runtime } = working.environment.repository;
  await withLease(working, 0, async signal => {
    const { refusal, head } = await push.land(signal);
    if (refusal) {
      signal.throwIfAborted();
      const { error } = refusal;
      if (error.code !== 'not_fast_forward' && !isFinal(error)) throw error;
    }
    const failure = refusal && { code: refusal.error.code, message: refusal.said };
    const outcome = { refusal: failure, head };
    await changeJob(working, job => withPush(job, working.worker, outcome, runtime.now()));
  });
}

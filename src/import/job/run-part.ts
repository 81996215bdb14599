import type { FinishedBatch } from '../engine/batch.ts';
import type { Job } from './job.ts';
import { withBatch, withHistory, withPartDone } from './run-changes.ts';
import type { OpenHistory, OpenRows } from './run-environment.ts';
import { rowFailed, rowsTooMany } from './run-errors.ts';
import { jobPrefix, storeFailures } from './run-files.ts';
import { changeJob, leaseFrom, type Working, withLease } from './run-lease.ts';

/** True: it is not to go on, as its time is over or it was told to stop. */
export type IsOver = () => boolean;

/**
 * Reads a part whose lease is held, from its checkpoint on; each batch is worth one.
 * @param afterBatch may commit what there is, while the part stays held
 * @throws KittiwakeError `row_failed`, `rows_too_many`; those of sources, pipelines and the engine
 */
export async function runPart(
  working: Working,
  { source, pipeline }: OpenRows,
  { index, job }: { index: number; job: Job },
  { isOver, afterBatch }: { isOver: IsOver; afterBatch(job: Job): Promise<void> },
): Promise<void> {
  const { engine, repository, threads = 0, batchBytes } = working.environment;
  const { position, from, to } = job.parts[index] ?? {};
  const start = position ?? from;
  await withLease(working, index, async signal => {
    const batches = engine({
      repository,
      source,
      pipeline,
      ...(start === undefined ? {} : { from: start }),
      ...(to === undefined ? {} : { to }),
      runPrefix: jobPrefix(repository.uuid, job.id),
      ...(batchBytes === undefined ? {} : { batchBytes }),
      workers: threads,
      dryRun: job.options.dryRun,
      signal,
    });
    for await (const batch of batches) {
      await afterBatch(await keep(working, index, batch));
      if (isOver()) return;
    }
    await changeJob(working, current => withPartDone(current, index, working.worker));
  });
}

/** Keeps what a batch came to, its failures first. */
async function keep(working: Working, index: number, batch: FinishedBatch): Promise<Job> {
  const { repository } = working.environment;
  const prefix = jobPrefix(repository.uuid, working.id);
  const { failures } = batch;
  const errorFile = failures.length === 0 ? undefined : await storeFailures(repository, prefix, failures);
  const job = await changeJob(working, current =>
    withBatch(current, index, leaseFrom(working), { batch, errorFile }),
  );
  const { onError, maxRows } = job.options;
  const [first] = failures;
  if (onError === 'fail' && first !== undefined) throw rowFailed(first);
  const rows = job.parts.reduce((sum, { counts }) => sum + counts.rows, 0);
  if (maxRows !== undefined && rows > maxRows) throw rowsTooMany(rows, maxRows);
  return job;
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

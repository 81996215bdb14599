import type { KittiwakeError } from '../../core/errors.ts';
import { settleBulk } from '../../git/bulk/land/settle-bulk.ts';
import type { Job } from './job.ts';
import { cancelledAt, committed, failed } from './run-changes.ts';
import { changeJob, type Working } from './run-lease.ts';
import { isEnded } from './run-steps.ts';

/**
 * Ends a job that cannot go on. One whose last commit had landed before anybody could say so is done instead, and one that another
 * worker commits just now is left to that.
 */
export async function endFailed(working: Working, error: KittiwakeError): Promise<void> {
  const nowMs = nowOf(working);
  if (isOthers(await settledJob(working), working, nowMs)) return;
  await changeJob(working, job =>
    isEnded(job) || isOthers(job, working, nowMs) ? job : failed(job, error, nowMs),
  );
}

/** Ends a job that this worker committed when it was cancelled. One whose last commit had landed is done instead. */
export async function endCancelled(working: Working): Promise<void> {
  const isOurs = ({ cancelRequested, lease }: Job) => cancelRequested && lease?.worker === working.worker;
  if (!isOurs(await currentJob(working))) return;
  await settledJob(working);
  await changeJob(working, job => cancelledAt(job, working.worker, nowOf(working)));
}

/**
 * The job, with the commit of an earlier attempt that landed. Its worker may have ended before it could say so, or while the swap was
 * under way, which cannot succeed any more afterwards.
 */
async function settledJob(working: Working): Promise<Job> {
  const { repository } = working.environment;
  const job = await currentJob(working);
  const { pending } = job;
  if (pending?.report === undefined || isOthers(job, working, nowOf(working))) return job;
  const { commit } = await settleBulk(repository, { requestId: pending.requestId, since: pending.since });
  if (commit === undefined) return job;
  return await changeJob(working, current => {
    if (isEnded(current) || current.pending?.requestId !== pending.requestId) return current;
    return committed(current, current.pending, commit, nowOf(working));
  });
}

function currentJob(working: Working): Promise<Job> {
  return changeJob(working, job => job);
}

function isOthers({ state, lease }: Job, { worker }: Working, nowMs: number): boolean {
  return state === 'committing' && lease !== undefined && lease.worker !== worker && lease.untilMs > nowMs;
}

function nowOf({ environment }: Working): number {
  return environment.repository.runtime.now();
}

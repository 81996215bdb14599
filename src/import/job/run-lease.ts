import { isKittiwakeError } from '../../core/errors.ts';
import type { Job, Lease } from './job.ts';
import { extended } from './run-changes.ts';
import type { RunEnvironment } from './run-environment.ts';
import { LeaseLost } from './run-errors.ts';

export const LEASE_MS = 30_000;

/** How often it is looked whether the work has ended: so long the process lives on after it. */
const TICK_MS = 250;

/** One worker at one job. */
export interface Working {
  environment: RunEnvironment;
  id: string;
  /** Random. */
  worker: string;
  signal: AbortSignal;
}

export function leaseFrom({ environment, worker }: Working): Lease {
  const { repository, leaseMs = LEASE_MS } = environment;
  return { worker, untilMs: repository.runtime.now() + leaseMs };
}

/** Changes the job, and tells of it. @throws what `change` throws */
export async function changeJob(working: Working, change: (job: Job) => Job): Promise<Job> {
  const { environment, id } = working;
  const made = await environment.jobs.change(id, job => {
    const body = change(job);
    return body === job ? { result: job } : { body, result: body };
  });
  environment.onProgress?.(made);
  return made;
}

/**
 * Works while a lease is held, which is extended all the time; the work is aborted when it was lost, or the job is not wanted any more.
 * @param index of the part; undefined: the whole job's lease
 * @throws LeaseLost
 */
export async function withLease<T>(
  working: Working,
  index: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const signal = AbortSignal.any([working.signal, lost.signal]);
  let isOver = false;
  const beating = beat(working, index, () => isOver, lost);
  try {
    return await work(signal);
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    isOver = true;
    void beating;
  }
}

async function beat(
  working: Working,
  index: number | undefined,
  isOver: () => boolean,
  lost: AbortController,
): Promise<void> {
  const { repository, leaseMs = LEASE_MS } = working.environment;
  const { runtime } = repository;
  let dueMs = runtime.now() + leaseMs / 3;
  while (!isOver()) {
    await runtime.sleep(Math.min(TICK_MS, leaseMs / 3));
    if (isOver() || runtime.now() < dueMs) continue;
    dueMs = runtime.now() + leaseMs / 3;
    try {
      await changeJob(working, job => (isOver() ? job : extended(job, leaseFrom(working), index)));
    } catch (error) {
      // A store that does not answer now may do so before the lease ends; who loses it learns of it at the next checkpoint.
      if (error instanceof LeaseLost || isGone(error)) lost.abort(new LeaseLost(working.id));
    }
  }
}

/** The job was removed, or its whole wiki. */
function isGone(error: unknown): boolean {
  return isKittiwakeError(error, 'import_not_found') || isKittiwakeError(error, 'object_lost');
}

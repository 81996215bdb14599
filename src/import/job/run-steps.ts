import type { DocumentChange } from '../../swap/document.ts';
import type { Job, JobPart, Lease, PendingCommit } from './job.ts';

/** What one worker is to do next. Whatever it is, nobody else does it until its lease runs out. */
export type Step =
  | { kind: 'plan' }
  | { kind: 'part'; index: number }
  | { kind: 'commit'; pending: PendingCommit }
  | { kind: 'stuck' }
  /** Others have all that there is. */
  | { kind: 'wait'; untilMs: number }
  | { kind: 'ended' };

export interface Claimant {
  /** Random, of this run. */
  worker: string;
  nowMs: number;
  leaseMs: number;
  /** Head of the wiki, as it is now. */
  head: string | undefined;
  /** For a commit to be: 32 hex digits. */
  requestId: string;
  /** Takes nothing else. Default false. */
  onlyCommit?: boolean;
}

/** What was begun so often without getting on is given up. */
const MAX_ATTEMPTS = 30;

/** Takes the next thing that is to be done of a job. */
export function claimStep(job: Job, claimant: Claimant): DocumentChange<Job, Step> {
  if (isEnded(job)) return { result: { kind: 'ended' } };
  if (isCancellable(job)) return { body: ended(job, 'cancelled', claimant.nowMs), result: { kind: 'ended' } };
  if (job.state === 'awaiting_upload') return nothing(claimant);
  if (job.state === 'queued') return claimWhole(job, claimant, () => ({ job, step: { kind: 'plan' } }));
  const isWanted = job.pending !== undefined || isCommitDue(job);
  if (isWanted && (isRead(job) || isFree(job.lease, claimant)))
    return claimWhole(job, claimant, () => withPending(job, claimant));
  return claimant.onlyCommit === true ? nothing(claimant) : claimPart(job, claimant);
}

function nothing({ nowMs, leaseMs }: Claimant): DocumentChange<Job, Step> {
  return { result: { kind: 'wait', untilMs: nowMs + leaseMs } };
}

export function isEnded({ state }: Job): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** True when it is to end, and no commit of it can have landed that nobody knows of. */
export function isCancellable({ cancelRequested, pending }: Job): boolean {
  return cancelRequested === true && pending?.report === undefined;
}

/** True when everything was read: what is left to do is the last commit. */
export function isRead({ parts }: Job): boolean {
  return parts.length > 0 && parts.every(part => part.isDone);
}

/** Files in runs that no commit has. */
export function waitingFiles({ parts }: Job): number {
  return parts.reduce((sum, { runs }) => sum + runs.reduce((rows, run) => rows + run.rows, 0), 0);
}

/** The job, as nobody works on it any more. */
export function ended(job: Job, state: 'done' | 'failed' | 'cancelled', nowMs: number): Job {
  const { lease, pending, attempts, ...rest } = job;
  return { ...rest, state, endedMs: nowMs, parts: job.parts.map(withoutLease) };
}

export function withoutLease({ lease, ...part }: JobPart): JobPart {
  return part;
}

function isCommitDue(job: Job): boolean {
  const { commitPages } = job.options;
  if (isRead(job)) return true;
  return commitPages !== undefined && !job.options.dryRun && waitingFiles(job) >= commitPages;
}

function withPending(job: Job, { head, requestId }: Claimant): { job: Job; step: Step } {
  const pending = job.pending ?? {
    requestId,
    ...(head === undefined ? {} : { since: head }),
    runs: job.parts.map(({ runs }) => runs.length),
  };
  const state = isRead(job) ? 'committing' : job.state;
  return { job: { ...job, state, pending }, step: { kind: 'commit', pending } };
}

function claimWhole(
  job: Job,
  claimant: Claimant,
  claim: () => { job: Job; step: Step },
): DocumentChange<Job, Step> {
  if (!isFree(job.lease, claimant)) return { result: { kind: 'wait', untilMs: job.lease?.untilMs ?? 0 } };
  const attempts = (job.attempts ?? 0) + 1;
  if (attempts > MAX_ATTEMPTS) return { result: { kind: 'stuck' } };
  const claimed = claim();
  return { body: { ...claimed.job, attempts, lease: leaseOf(claimant) }, result: claimed.step };
}

function claimPart(job: Job, claimant: Claimant): DocumentChange<Job, Step> {
  const index = job.parts.findIndex(part => !part.isDone && isFree(part.lease, claimant));
  const part = job.parts[index];
  if (part === undefined) {
    const ends = job.parts.flatMap(({ isDone, lease }) => (isDone || !lease ? [] : [lease.untilMs]));
    return { result: { kind: 'wait', untilMs: Math.min(...ends) } };
  }
  const attempts = (part.attempts ?? 0) + 1;
  if (attempts > MAX_ATTEMPTS) return { result: { kind: 'stuck' } };
  const claimed = { ...part, attempts, lease: leaseOf(claimant) };
  return { body: { ...job, parts: job.parts.with(index, claimed) }, result: { kind: 'part', index } };
}

function leaseOf({ worker, nowMs, leaseMs }: Claimant): Lease {
  return { worker, untilMs: nowMs + leaseMs };
}

function isFree(lease: Lease | undefined, { worker, nowMs }: Claimant): boolean {
  return lease === undefined || lease.worker === worker || lease.untilMs <= nowMs;
}

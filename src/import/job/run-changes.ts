import { addCounts, addNotes, type BatchCounts, type FinishedBatch, noCounts } from '../engine/batch.ts';
import type { ImportReport } from '../import-report.ts';
import type { RowFailure } from '../row.ts';
import type { SourcePosition } from '../source.ts';
import type { Job, JobPart, JobReport, Lease, PendingCommit } from './job.ts';
import { shownFailure } from './job-bounds.ts';
import { LeaseLost } from './run-errors.ts';
import { ended, isCancellable, isEnded, isRead, withoutLease } from './run-steps.ts';

/** What a worker that holds a lease makes of the job. Each throws {@link LeaseLost} where it does not hold it any more. */

/** Failures that are kept in the job itself. */
export const SHOWN_FAILURES = 100;

/** How a job is to be read. */
export interface JobPlan {
  nowMs: number;
  bytesTotal: number;
  collections: number;
  parts: readonly PlannedPart[];
  left: readonly string[];
}

/** A range of a source. */
export interface PlannedPart {
  from?: SourcePosition;
  to?: SourcePosition;
  /** Of the source, before it. Default 0. */
  startBytes?: number;
}

const NO_REPORT: JobReport = {
  written: 0,
  attachments: 0,
  unchanged: 0,
  skipped: 0,
  merged: 0,
  failed: 0,
  failures: [],
};

export function planned(job: Job, worker: string, plan: JobPlan): Job {
  checkLease(job, job.lease, worker);
  const { lease, attempts, ...rest } = job;
  const parts = plan.parts.map(range => emptyPart(range));
  const { nowMs, bytesTotal, collections, left } = plan;
  const begun = { ...rest, state: 'running', startedMs: job.startedMs ?? nowMs, bytesTotal } as const;
  return { ...begun, collections, parts, ...(left.length === 0 ? {} : { left }) };
}

function emptyPart(range: PlannedPart): JobPart {
  return {
    ...range,
    runs: [],
    counts: noCounts(),
    bytesRead: 0,
    isDone: false,
  };
}

/** The checkpoint behind a batch. @param errorFile holds the failures of the batch */
export function withBatch(
  job: Job,
  index: number,
  lease: Lease,
  { batch, errorFile }: { batch: FinishedBatch; errorFile: string | undefined },
): Job {
  const part = heldPart(job, index, lease.worker);
  const { attempts, ...rest } = part;
  const counts = { ...part.counts };
  addCounts(counts, batch.counts);
  const { position } = batch;
  const bytesRead = batch.bytesRead - (part.startBytes ?? 0);
  const next = { ...rest, runs: [...part.runs, ...batch.runs], counts, position, bytesRead, lease };
  return withFailures({ ...job, parts: job.parts.with(index, next) }, batch.failures, errorFile);
}

/** The part was read to its end. */
export function withPartDone(job: Job, index: number, worker: string): Job {
  const { attempts, ...part } = withoutLease(heldPart(job, index, worker));
  return { ...job, parts: job.parts.with(index, { ...part, isDone: true }) };
}

/** The commit that this worker was at did not land, and is not wanted any more. */
export function cancelledAt(job: Job, worker: string, nowMs: number): Job {
  const isOurs = job.cancelRequested === true && job.lease?.worker === worker;
  return isOurs ? ended(job, 'cancelled', nowMs) : job;
}

/** Others may go on at once. Does nothing for who holds no lease. */
export function released(job: Job, worker: string): Job {
  const isHeld = (lease: Lease | undefined) => lease?.worker === worker;
  if (!isHeld(job.lease) && !job.parts.some(part => isHeld(part.lease))) return job;
  const parts = job.parts.map(part => (isHeld(part.lease) ? withoutLease(part) : part));
  const { lease, ...rest } = job;
  return { ...rest, ...(lease === undefined || isHeld(lease) ? {} : { lease }), parts };
}

/** Keeps the lease of the whole, or of a part, for longer. */
export function extended(job: Job, lease: Lease, index?: number): Job {
  if (index === undefined) {
    checkLease(job, job.lease, lease.worker);
    return { ...job, lease };
  }
  const part = heldPart(job, index, lease.worker);
  return { ...job, parts: job.parts.with(index, { ...part, lease }) };
}

/** What the commit comes to, before it lands: the last moment at which the job can be cancelled. */
export function withPending(job: Job, lease: Lease, pending: PendingCommit): Job {
  checkLease(job, job.lease, lease.worker);
  if (job.cancelRequested === true) throw new LeaseLost(job.id);
  return { ...job, lease, pending };
}

/**
 * The commit has landed, or there was nothing to commit. With the last one the job is done.
 * @param commit undefined: nothing of it changed the wiki
 */
export function committed(job: Job, told: PendingCommit, commit: string | undefined, nowMs: number): Job {
  if (job.pending?.requestId !== told.requestId) throw new LeaseLost(job.id);
  const { lease, pending: kept, attempts, ...rest } = job;
  // Whose commit was landed by another worker has not heard what that one counted.
  const { report: made = NO_REPORT, failures = [], errorFile } = told.report === undefined ? kept : told;
  const parts = job.parts.map((part, index) => ({
    ...part,
    runs: part.runs.slice(told.runs[index] ?? 0),
  }));
  const commits = commit === undefined ? job.commits : [...job.commits, commit];
  const report = summed(job.report ?? NO_REPORT, made);
  const next = withFailures({ ...rest, parts, commits, report }, failures, errorFile);
  return isRead(next) && parts.every(({ runs }) => runs.length === 0) ? done(next, nowMs) : next;
}

function done(job: Job, nowMs: number): Job {
  const report = job.report ?? NO_REPORT;
  const sum = (name: Exclude<keyof BatchCounts, 'notes'>) =>
    job.parts.reduce((all, { counts }) => all + counts[name], 0);
  // Files that the wiki has already are in the runs, too, and are counted by the commit.
  const dry = {
    written: sum('pages') - sum('unchanged'),
    attachments: sum('attachments'),
    unchanged: sum('unchanged'),
  };
  const failed = report.failed + sum('failed');
  const failures = job.failures ?? [];
  const counted = job.options.dryRun ? { ...report, ...dry } : report;
  const notes = notesOf(job);
  const told = notes.length === 0 ? {} : { notes };
  return ended({ ...job, report: { ...counted, failed, failures, ...told } }, 'done', nowMs);
}

/** What was seen in passing, in lines. */
function notesOf({ parts }: Job): string[] {
  const all = noCounts();
  for (const { counts } of parts) addNotes(all, counts.notes);
  const { link_unresolved: links = 0 } = all.notes ?? {};
  if (links === 0) return [];
  return [
    links === 1
      ? '1 link leads nowhere: it is as it was'
      : `${links} links lead nowhere: they are as they were`,
  ];
}

/** A history was taken in, as a whole. */
export function withHistory(job: Job, worker: string, found: ImportReport, nowMs: number): Job {
  const { pages, attachments, unchanged, kept, head, notes } = found;
  const read = withPartDone(job, 0, worker);
  const part = { ...read, parts: read.parts.map(each => ({ ...each, bytesRead: job.bytesTotal ?? 0 })) };
  const report = { ...NO_REPORT, written: pages, attachments, unchanged, skipped: kept, notes };
  return ended({ ...part, report, commits: head === undefined ? [] : [head] }, 'done', nowMs);
}

interface PushOutcome {
  refusal?: { code: string; message: string } | undefined;
  head?: string | undefined;
}

/** A push was taken as a whole, or not at all. */
export function withPush(job: Job, worker: string, { refusal, head }: PushOutcome, nowMs: number): Job {
  const read = withPartDone(job, 0, worker);
  if (refusal) return failed(read, refusal, nowMs);
  const parts = read.parts.map(each => ({ ...each, bytesRead: job.bytesTotal ?? 0 }));
  return ended({ ...read, parts, commits: head === undefined ? [] : [head] }, 'done', nowMs);
}

/** Ended without what was not committed before. */
export function failed(job: Job, { code, message }: { code: string; message: string }, nowMs: number): Job {
  return ended({ ...job, error: { code, message } }, 'failed', nowMs);
}

function withFailures(job: Job, failures: readonly RowFailure[], errorFile: string | undefined): Job {
  if (failures.length === 0) return job;
  const first = [...(job.failures ?? []), ...failures.slice(0, SHOWN_FAILURES)];
  const shown = first.slice(0, SHOWN_FAILURES).map(shownFailure);
  const errorFiles = errorFile === undefined ? job.errorFiles : [...(job.errorFiles ?? []), errorFile];
  return { ...job, failures: shown, ...(errorFiles === undefined ? {} : { errorFiles }) };
}

function summed(first: JobReport, second: JobReport): JobReport {
  return {
    written: first.written + second.written,
    attachments: first.attachments + second.attachments,
    unchanged: first.unchanged + second.unchanged,
    skipped: first.skipped + second.skipped,
    merged: first.merged + second.merged,
    failed: first.failed + second.failed,
    failures: [],
  };
}

function heldPart(job: Job, index: number, worker: string): JobPart {
  const part = job.parts[index];
  checkLease(job, part?.lease, worker);
  if (part === undefined || part.isDone) throw new LeaseLost(job.id);
  return part;
}

/** A lease that ran out is still held as long as nobody has taken it over. */
function checkLease(job: Job, lease: Lease | undefined, worker: string): void {
  if (isEnded(job) || isCancellable(job) || lease?.worker !== worker) throw new LeaseLost(job.id);
}

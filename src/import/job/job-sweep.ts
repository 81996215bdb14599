import { isKittiwakeError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { memoPrefix } from '../operator/memo-store.ts';
import { importAbandoned, importLate } from './errors.ts';
import type { Job } from './job.ts';
import { isJobId, jobIdAt, jobTimeMs } from './job-id.ts';
import { jobFilesPrefix, jobRequestsPrefix, jobsPrefix } from './job-place.ts';
import { type Jobs, removeAll } from './jobs.ts';
import { failed } from './run-changes.ts';
import { jobPrefix } from './run-files.ts';
import { isEnded } from './run-steps.ts';
import type { Uploads } from './uploads.ts';

export interface JobSweepOptions {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  runtime: Pick<Runtime, 'now'>;
  jobs: Jobs;
  uploads: Pick<Uploads, 'discard'>;
  /** After its end a job is kept so long. */
  keptDays: number;
  /** A job that has not ended by then is given up. */
  timeoutHours: number;
}

export interface SweptJobs {
  /** Jobs that ended long ago, with their files. */
  removed: number;
  /** Jobs that nobody sent anything for, or that took too long. */
  abandoned: number;
  /** Folders of files without a job. */
  orphans: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So long results of steps are kept, which hold what rows held. */
const MEMO_DAYS = 90;

/** Removes what imports have left behind, and ends those that will not end by themselves. */
export async function sweepJobs(options: JobSweepOptions): Promise<SweptJobs> {
  const abandoned = await abandonOld(options);
  const removed = await removeOld(options);
  const orphans = await removeOrphans(options);
  await removeOldRequests(options);
  await removeOldMemos(options);
  return { removed, abandoned, orphans };
}

async function abandonOld({ jobs, uploads, runtime, timeoutHours }: JobSweepOptions): Promise<number> {
  let abandoned = 0;
  for (const { id } of await jobs.unfinished()) {
    const nowMs = runtime.now();
    const job = await jobs.change(id, current => {
      const error = overdue(current, nowMs, timeoutHours);
      if (error === undefined) return { result: current };
      const body = failed(current, error, nowMs);
      return { body, result: body };
    });
    if (job.state !== 'failed') continue;
    await uploads.discard(job);
    abandoned += 1;
  }
  return abandoned;
}

/** Why a job is to end; undefined where it is not. One whose commit may have landed is left to its worker. */
function overdue(
  job: Job,
  nowMs: number,
  timeoutHours: number,
): { code: string; message: string } | undefined {
  if (isEnded(job) || job.pending?.report !== undefined) return undefined;
  const ageMs = nowMs - job.createdMs;
  if (job.state === 'awaiting_upload') return ageMs > DAY_MS ? importAbandoned() : undefined;
  return ageMs > timeoutHours * HOUR_MS ? importLate(timeoutHours) : undefined;
}

/** Only jobs that were made long enough ago are looked at. */
async function removeOld({ jobs, runtime, keptDays }: JobSweepOptions): Promise<number> {
  const beforeMs = runtime.now() - keptDays * DAY_MS;
  let removed = 0;
  for (let after: string | undefined = jobIdAt(beforeMs); after !== undefined; ) {
    const page = await jobs.list({ after });
    for (const job of page.jobs) {
      if (job.endedMs === undefined || job.endedMs > beforeMs) continue;
      await jobs.remove(job.id).catch(ignoreGone);
      removed += 1;
    }
    after = page.next;
  }
  return removed;
}

/** Somebody else was faster. */
function ignoreGone(error: unknown): void {
  if (!isKittiwakeError(error, 'import_not_found')) throw error;
}

/** A folder whose job is gone, or was never made: a worker or an upload may have written there after the job's end. */
async function removeOrphans({ store, uuid, runtime }: JobSweepOptions): Promise<number> {
  const prefix = jobFilesPrefix(uuid);
  let orphans = 0;
  for (let after: string | undefined; ; ) {
    const { objects } = await store.list(prefix, { limit: 1, ...(after === undefined ? {} : { after }) });
    const name = objects[0]?.key.slice(prefix.length).split('/')[0];
    if (name === undefined) return orphans;
    // Behind all of the folder.
    after = `${prefix}${name}0`;
    if (!isJobId(name) || runtime.now() - jobTimeMs(name) < DAY_MS) continue;
    if ((await store.get(`${jobsPrefix(uuid)}${name}`, { range: { start: 0, end: 0 } })).kind === 'found')
      continue;
    await removeAll(store, jobPrefix(uuid, name));
    orphans += 1;
  }
}

function removeOldRequests({ store, uuid, runtime, keptDays }: JobSweepOptions): Promise<void> {
  return removeBefore(store, jobRequestsPrefix(uuid), runtime.now() - keptDays * DAY_MS);
}

function removeOldMemos({ store, uuid, runtime }: JobSweepOptions): Promise<void> {
  return removeBefore(store, memoPrefix(uuid), runtime.now() - MEMO_DAYS * DAY_MS);
}

/** What was written before then. */
async function removeBefore(store: ByteStore, prefix: string, beforeMs: number): Promise<void> {
  for (let after: string | undefined, more = true; more; ) {
    const page = await store.list(prefix, after === undefined ? {} : { after });
    const old = page.objects.filter(({ modifiedMs }) => modifiedMs < beforeMs).map(({ key }) => key);
    if (old.length > 0) await store.delete(old);
    after = page.objects.at(-1)?.key;
    more = page.more;
  }
}

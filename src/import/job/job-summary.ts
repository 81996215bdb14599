import type { Job } from './job.ts';
import { progressOf } from './job-progress.ts';

/** What is logged of a job that has ended. */
export interface JobSummary {
  import: string;
  state: Job['state'];
  rows: number;
  written: number;
  attachments: number;
  failed: number;
  /** Since it was begun, also while nobody worked on it. */
  tookMs: number | undefined;
  rowsPerSecond: number;
  code: string | undefined;
}

/** Nothing of what the rows hold, and no name of a file. */
export function summaryOf(job: Job): JobSummary {
  const { id, state, report, error, startedMs, endedMs } = job;
  const { written = 0, attachments = 0, failed = 0 } = report ?? {};
  const { rows, rowsPerSecond } = progressOf(job, endedMs ?? 0);
  const tookMs = endedMs === undefined || startedMs === undefined ? undefined : endedMs - startedMs;
  return { import: id, state, rows, written, attachments, failed, tookMs, rowsPerSecond, code: error?.code };
}

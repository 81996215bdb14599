import type { Job } from './job.ts';

/** How far a job is. */
export interface JobProgress {
  bytesRead: number;
  bytesTotal: number;
  /** 0 to 100, whole. */
  percent: number;
  rows: number;
  /** Files of the wiki that are, or will be, written: pages and others. */
  pages: number;
  attachments: number;
  unchanged: number;
  /** Rows that the pipeline left out, or files that stay as they are. */
  skipped: number;
  merged: number;
  failed: number;
  rowsPerSecond: number;
  /** Undefined: it cannot be told yet, or it has ended. */
  secondsLeft: number | undefined;
}

/** @param nowMs a job that has ended is told of as of then */
export function progressOf(job: Job, nowMs: number): JobProgress {
  const { parts, report, source, startedMs, endedMs } = job;
  const sum = (pick: (part: Job['parts'][number]) => number) =>
    parts.reduce((total, part) => total + pick(part), 0);
  const bytesTotal = job.bytesTotal ?? (source.kind === 'url' ? 0 : source.bytes);
  const bytesRead = sum(part => part.bytesRead);
  const rows = sum(({ counts }) => counts.rows);
  const seconds = startedMs === undefined ? 0 : Math.max(0, (endedMs ?? nowMs) - startedMs) / 1000;
  const share = bytesTotal === 0 ? 0 : Math.min(1, bytesRead / bytesTotal);
  const isGoing = endedMs === undefined && seconds > 0 && share > 0;
  return {
    bytesRead,
    bytesTotal,
    percent: job.state === 'done' ? 100 : Math.floor(share * 100),
    rows,
    pages: report?.written ?? sum(({ counts }) => counts.pages),
    attachments: report?.attachments ?? sum(({ counts }) => counts.attachments),
    unchanged: report?.unchanged ?? sum(({ counts }) => counts.unchanged),
    skipped: sum(({ counts }) => counts.filtered) + (report?.skipped ?? 0),
    merged: report?.merged ?? 0,
    failed: report?.failed ?? sum(({ counts }) => counts.failed),
    rowsPerSecond: seconds === 0 ? 0 : Math.round(rows / seconds),
    secondsLeft: isGoing ? Math.ceil((seconds * (1 - share)) / share) : undefined,
  };
}

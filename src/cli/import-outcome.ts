import { closeSync, openSync, writeSync } from 'node:fs';
import type { Job, JobReport } from '../import/job/job.ts';
import type { ImportRuns } from '../lazy/import-runs.ts';
import { megabytes } from './import-progress.ts';
import { counted } from './import-summary.ts';
import { duration } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** Failures that are listed. */
const SHOWN = 20;

/**
 * Says what an import came to: what came, what failed where, or what all of it failed of. Returns the exit code.
 */
export function printOutcome(job: Job, head: string | undefined, tookMs: number, terminal: Terminal): number {
  const { failures = [], report } = job;
  for (const line of job.left ?? []) terminal.say(line);
  for (const failure of failures.slice(0, SHOWN)) terminal.say(`failed: ${failureText(failure)}`);
  const failed = report?.failed ?? job.parts.reduce((sum, { counts }) => sum + counts.failed, 0);
  const more = failed - Math.min(SHOWN, failures.length);
  if (more > 0) terminal.say(`failed: ${more} more, which --errors FILE writes`);
  for (const note of report?.notes ?? []) terminal.say(`note: ${note}`);
  if (job.error !== undefined) terminal.say(`error: ${job.error.message} (${job.error.code})`);
  if (job.state === 'cancelled') terminal.out('The import was cancelled: nothing of it was committed');
  else if (report !== undefined) printReport(job, report, { head, tookMs }, terminal);
  return job.state === 'done' ? 0 : 1;
}

function printReport(
  job: Job,
  report: JobReport,
  { head, tookMs }: { head: string | undefined; tookMs: number },
  terminal: Terminal,
): void {
  const { written, attachments, unchanged, skipped, merged, failed } = report;
  const rest = [
    [unchanged, 'unchanged'],
    [skipped, 'left as they are'],
    [merged, 'merged'],
    [failed, 'failed'],
  ] as const;
  const others = rest.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (written + attachments === 0 && job.commits.length === 0) {
    terminal.out(
      `Nothing new in ${job.source.name}: ${others.length === 0 ? 'it has no rows' : others.join(', ')}`,
    );
    return;
  }
  const files = [counted(written, 'page'), counted(attachments, 'other file')];
  const done = job.options.dryRun ? 'Would import' : 'Imported';
  const commits = job.options.dryRun ? [] : [counted(job.commits.length, 'commit')];
  const bytes = `${megabytes(job.bytesTotal ?? 0)} MB`;
  const rows = job.parts.reduce((sum, { counts }) => sum + counts.rows, 0);
  const rate = tookMs > 0 ? `, ${Math.round((rows * 1000) / tookMs)} rows/s` : '';
  terminal.out(
    `${done} ${[...files, ...commits, bytes, ...others].join(', ')} in ${duration(tookMs)}${rate}`,
  );
  if (!job.options.dryRun) terminal.out(`The wiki is at ${head}`);
}

function failureText({ origins, code, message, place }: JobReport['failures'][number]): string {
  const where = origins.map(({ source, row }) => `${source}, row ${row}`).join(' and ');
  return `${where}${place === undefined ? '' : `, ${JSON.stringify(place)}`}: ${message} (${code})`;
}

/** Writes all rows that failed, one JSON text in a line. */
export async function writeErrors(job: Job, { environment }: ImportRuns, file: string): Promise<void> {
  const { store } = environment.repository;
  const handle = openSync(file, 'w');
  try {
    for (const key of job.errorFiles ?? []) {
      const found = await store.get(key);
      if (found.kind === 'found') writeSync(handle, found.bytes);
    }
  } finally {
    closeSync(handle);
  }
}

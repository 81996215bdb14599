import type { Job } from '../../import/job/job.ts';
import type { JobProgress } from '../../import/job/job-progress.ts';
import { receivedBytes, type UploadTarget } from '../../import/job/uploads.ts';

/** A job, as callers see it. @param targets of an upload in parts */
export function importBody(job: Job, progress: JobProgress, targets?: readonly UploadTarget[]): object {
  const { id, state, principal, createdMs, startedMs, endedMs, source, options, commits, error } = job;
  return {
    id,
    state,
    name: source.name,
    created: timeText(createdMs),
    created_by: principal.id,
    started: timeText(startedMs),
    ended: timeText(endedMs),
    cancelling: job.cancelRequested === true && endedMs === undefined,
    options: optionsBody(options),
    upload: uploadBody(job, targets),
    progress: progressBody(progress),
    commits,
    failures: (job.failures ?? []).map(({ origins, ...failure }) => ({ rows: origins, ...failure })),
    left: job.left ?? [],
    notes: job.report?.notes ?? [],
    errors_url: `/api/v1/imports/${id}/errors`,
    failure: error ?? null,
  };
}

function optionsBody({ existing, onError, dryRun, ...options }: Job['options']): object {
  return {
    format: options.format ?? null,
    existing,
    on_error: onError,
    dry_run: dryRun,
    into: options.into ?? null,
    commit_pages: options.commitPages ?? null,
    max_rows: options.maxRows ?? null,
  };
}

function uploadBody({ id, state, source }: Job, targets: readonly UploadTarget[] | undefined): object | null {
  if (state !== 'awaiting_upload' || source.kind !== 'stored') return null;
  return {
    size: source.bytes,
    received: receivedBytes(source.segments),
    url: `/api/v1/imports/${id}/source`,
    ...(targets === undefined ? {} : { parts: targets.map(partBody) }),
  };
}

function partBody({ number, bytes, url, headers, expiresAtMs }: UploadTarget): object {
  return { number, size: bytes, method: 'PUT', url, headers, expires: timeText(expiresAtMs) };
}

function progressBody(progress: JobProgress): object {
  const { bytesRead, bytesTotal, rowsPerSecond, secondsLeft, pages, ...counts } = progress;
  return {
    bytes_read: bytesRead,
    bytes_total: bytesTotal,
    ...counts,
    written: pages,
    rows_per_second: rowsPerSecond,
    seconds_left: secondsLeft ?? null,
  };
}

function timeText(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

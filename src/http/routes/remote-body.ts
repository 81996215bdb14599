import type { KeptConflict, SyncResult } from '../../remote/remote.ts';
import type { RemoteInfo } from '../../remote/remote-administration.ts';
import { conflictId } from '../../remote/settle-conflict.ts';

/** A remote as it is shown. It holds no secret. */
export function remoteBody(remote: RemoteInfo): object {
  const { name, url, branch, pull, push, everyMinutes, afterCommits, webhook, prefer, credentials } = remote;
  const { status, active } = remote;
  return {
    name,
    url,
    branch,
    pull,
    push,
    every_minutes: everyMinutes,
    after_commits: afterCommits,
    webhook,
    hook: remote.hook ?? null,
    prefer,
    credentials,
    active,
    created: timeText(remote.createdMs),
    created_by: remote.createdBy,
    changed: timeText(remote.changedMs),
    running: remote.isRunning,
    requested: remote.isRequested,
    last_attempt: timeOrNull(status.lastAttemptMs),
    last_success: timeOrNull(status.lastSuccessMs),
    next_attempt: timeOrNull(remote.nextMs),
    failures: status.failures,
    last_error: status.lastError === undefined ? null : errorBody(status.lastError),
    last_result: status.lastResult === undefined ? null : syncBody(status.lastResult),
    ahead: remote.ahead ?? null,
    behind: remote.behind ?? null,
    conflicts: status.conflicts.map(conflictBody),
  };
}

/** What a run came to. */
export function syncBody(result: SyncResult | undefined): object {
  const { pull, push } = result ?? {};
  return {
    time: timeOrNull(result?.atMs),
    pull: pull ?? null,
    push: push ?? null,
  };
}

function conflictBody(conflict: KeptConflict): object {
  const { atMs, ours, theirs, ref, merge, paths, more } = conflict;
  const pages = paths.map(({ path, kind, other }) => ({ path, kind, other: other ?? null }));
  const id = conflictId(conflict);
  return { id, time: timeText(atMs), ours, theirs, ref, merge: merge ?? null, paths: pages, more };
}

function errorBody({ atMs, code, message }: { atMs: number; code: string; message: string }): object {
  return { time: timeText(atMs), code, message };
}

function timeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : timeText(ms);
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

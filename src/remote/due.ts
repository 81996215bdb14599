import type { Oid } from '../git/object/objects.ts';
import type { Remote } from './remote.ts';

/** What is to be done with a remote. */
export interface Directions {
  pull: boolean;
  push: boolean;
}

/**
 * What is to be done now with a remote of itself: what was asked for, what the schedule says, and what commits have made necessary.
 * After failures all but what was asked for since waits.
 * @param head the newest commit of the wiki
 */
export function dueOf(remote: Remote, head: Oid | undefined, nowMs: number): Directions | undefined {
  const { status, requested, everyMinutes, afterCommits, pull, push, lease, active } = remote;
  if (!active || (lease !== undefined && lease.untilMs > nowMs)) return undefined;
  const waitsMs = status.nextMs ?? 0;
  const isNewRequest = requested !== undefined && requested.atMs > (status.lastAttemptMs ?? 0);
  if (waitsMs > nowMs && !isNewRequest) return undefined;
  const isFailed = status.failures > 0;
  const lastMs = status.lastAttemptMs ?? 0;
  const isScheduled = everyMinutes > 0 && (isFailed || nowMs - lastMs >= everyMinutes * 60_000);
  const isBehind = afterCommits && head !== undefined && status.pushed !== head;
  const due = {
    pull: pull && (isScheduled || requested?.pull === true),
    push: push && (isScheduled || isBehind || requested?.push === true),
  };
  return due.pull || due.push ? due : undefined;
}

/** When something is to be done at the earliest; undefined: not of itself. */
export function nextAttemptMs(remote: Remote): number | undefined {
  const { active, status, everyMinutes, requested } = remote;
  if (!active) return undefined;
  if (status.failures > 0 && status.nextMs !== undefined) return status.nextMs;
  if (requested !== undefined) return requested.atMs;
  if (everyMinutes === 0) return undefined;
  const { lastAttemptMs } = status;
  return lastAttemptMs === undefined ? remote.createdMs : lastAttemptMs + everyMinutes * 60_000;
}

import { isKittiwakeError } from '../core/errors.ts';
import type { Ran } from '../projection/run-all.ts';
import type { ProjectionStatus } from '../projection/runnable.ts';

/** Set-aside items that are shown; all are in the JSON. */
const MAX_SHOWN = 20;

export function statusLines({
  name,
  cursor,
  behind,
  setAside,
  dropped,
  failure,
  isOff,
}: ProjectionStatus): string[] {
  const lines = [
    `${name}: ${failure ? `not known: ${failure.message}` : isOff ? 'switched off' : standing(cursor, behind)}`,
  ];
  if (setAside.length > 0) lines.push(`  ${setAside.length} set aside, tried again by themselves:`);
  for (const { item, code, attempts, dueMs } of setAside.slice(0, MAX_SHOWN)) {
    lines.push(`  ${item}: ${code}, ${attempts} attempts, next at ${new Date(dueMs).toISOString()}`);
  }
  if (setAside.length > MAX_SHOWN) lines.push(`  and ${setAside.length - MAX_SHOWN} more`);
  if (dropped > 0) lines.push(`  ${dropped} more found no room: make it anew`);
  return lines;
}

function standing(cursor: ProjectionStatus['cursor'], behind: ProjectionStatus['behind']): string {
  if (cursor === undefined) return 'nothing was taken in yet';
  if (behind === undefined) return `at ${cursor.head}, which is not in the history any more`;
  if (behind.commits === 0) return 'at the newest commit';
  return `${behind.commits} commits and ${behind.seconds} seconds behind`;
}

export function ranLine(ran: Ran): string {
  if (ran.outcome === 'late') return `${ran.name}: not done in its time, goes on with the next run`;
  if (ran.outcome === 'failed') return `${ran.name}: failed: ${messageOf(ran.error)}`;
  const counts = Object.entries(ran.counts).map(([name, count]) => `${name} ${count}`);
  return [`${ran.name}: done`, ...counts].join(', ');
}

export function ranJson(ran: Ran): string {
  if (ran.outcome !== 'failed') return JSON.stringify(ran);
  const { name, outcome, error } = ran;
  const code = isKittiwakeError(error) ? error.code : 'internal_error';
  return JSON.stringify({ name, outcome, code, message: messageOf(error) });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

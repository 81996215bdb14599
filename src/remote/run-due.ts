import type { Oid } from '../git/object/objects.ts';
import { dueOf } from './due.ts';
import type { Remote, SyncResult } from './remote.ts';
import type { Remotes } from './remotes.ts';
import type { SyncOptions } from './sync.ts';

/** Of one remote, so that others and what else follows from commits have their turn. */
const MOST_MS = 120_000;
/** With less time than that nothing is begun. */
const LEAST_MS = 5_000;

export interface RunDueOptions {
  remotes: Remotes;
  now(): number;
  /** False: nothing is done with any now. Asked when there are some. */
  isServed(): Promise<boolean>;
  head(): Promise<Oid | undefined>;
  sync(name: string, options: SyncOptions): Promise<SyncResult>;
  /** When to begin nothing any more; infinite: never. */
  deadlineMs: number;
  onError(remote: Remote, error: unknown): void;
}

export interface DueCounts {
  pulled: number;
  pushed: number;
  failed: number;
  conflicts: number;
  /** For which there was no time. */
  left: number;
}

/** Does with all remotes what is to be done now. What one fails with is kept with it, and keeps no other from its turn. */
export async function runDue(options: RunDueOptions): Promise<DueCounts> {
  const { remotes, now, deadlineMs } = options;
  const counts: DueCounts = { pulled: 0, pushed: 0, failed: 0, conflicts: 0, left: 0 };
  const all = await remotes.list();
  if (all.length === 0 || !(await options.isServed())) return counts;
  const head = await options.head();
  for (const remote of all) {
    const due = dueOf(remote, head, now());
    if (due === undefined) continue;
    const timeoutMs = Math.min(MOST_MS, deadlineMs - now());
    if (timeoutMs < LEAST_MS) counts.left += 1;
    else await runOne(options, remote, { ...due, timeoutMs }, counts);
  }
  return counts;
}

async function runOne(
  { sync, onError }: RunDueOptions,
  remote: Remote,
  options: SyncOptions,
  counts: DueCounts,
): Promise<void> {
  try {
    const { pull, push } = await sync(remote.name, options);
    if (pull && pull.outcome !== 'up_to_date' && pull.outcome !== 'empty') counts.pulled += 1;
    if (pull?.outcome === 'conflicts') counts.conflicts += 1;
    if (push?.outcome === 'pushed') counts.pushed += 1;
  } catch (error) {
    counts.failed += 1;
    onError(remote, error);
  }
}

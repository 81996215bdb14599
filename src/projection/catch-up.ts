import type { LogEntry, View } from '../git/repository.ts';
import { projectionUnsettled } from './errors.ts';
import type { Changes, Cursor, Projection } from './projection.ts';

/** Further back than this, comparing with all pages is cheaper than reading the log. In commits. */
export const MAX_LOG_ENTRIES = 1_000;

/** Commits that are read only to recognise a view that is a little older. */
const MAX_RECENT = 64;

/** Each refusal means that another process has moved the cursor meanwhile. */
const MAX_ATTEMPTS = 50;

/** A view of the newest commit, asked for after the call. */
export type NewestView = () => Promise<View>;

export interface CatchUpOptions {
  /** Default: no history is ever taken back. */
  newest?: NewestView | undefined;
  /** When to stop, in runtime milliseconds; what was taken in by then stays. Default: never. */
  deadlineMs?: number | undefined;
}

/**
 * Brings a projection to the head of `view`. A projection that is further on is left as it is; one that has another history
 * behind it is brought to this one; one that was further on in a history that was taken back since, to `newest`.
 * @throws KittiwakeError `projection_unsettled` when others kept moving the cursor; `deadline_exceeded`; what reading the wiki
 * throws
 */
export async function catchUp(
  projection: Projection,
  view: View,
  { newest, deadlineMs }: CatchUpOptions = {},
): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const from = await projection.cursor();
    const to = cursorOf(view);
    if (from && from.head === to.head) return;
    if (attempt === 0 && (await projection.skipAhead?.(from, to))) continue;
    let target = view;
    if (from && (await isAhead(projection, from, to))) {
      if (newest === undefined) return;
      target = await newest();
      // What was taken in is part of the history from then on, unless the wiki was restored to an older state.
      if (await holds(target, from)) return;
    }
    const changes = await changesBetween(from, target);
    if (from && projection.discard && changes.kind === 'all' && (await isPurged(target, from))) {
      await projection.discard(from);
      continue;
    }
    if (await projection.apply(changes, deadlineMs)) return;
  }
  throw projectionUnsettled(projection.name, MAX_ATTEMPTS);
}

/** As far as the projection remembers. */
async function isAhead(projection: Projection, from: Cursor, to: Cursor): Promise<boolean> {
  return to.head !== null && to.ordinal < from.ordinal && (await projection.hasPassed(to.head));
}

/** True when the history was rewritten since. */
async function isPurged(view: View, { head }: Cursor): Promise<boolean> {
  return head !== null && (await view.isPurged(head));
}

async function holds(view: View, { head }: Cursor): Promise<boolean> {
  return head !== null && (head === view.head || (await view.commit(head)) !== undefined);
}

export function cursorOf(view: View): Cursor {
  return { head: view.head ?? null, ordinal: view.ordinal };
}

/** What happened between a cursor and the head of `view`. Reads {@link MAX_LOG_ENTRIES} of the log at most. */
export async function changesBetween(from: Cursor | undefined, view: View): Promise<Changes> {
  const to = cursorOf(view);
  const newest: LogEntry[] = [];
  const most = from === undefined ? MAX_RECENT : MAX_LOG_ENTRIES;
  for await (const entry of view.log()) {
    const { oid, ordinal, parents } = entry.commit;
    if (from !== undefined && oid === from.head) return line(from, view, newest);
    // Behind a merge the log mixes two lines: what is newer than the cursor can no longer be told from it.
    if (parents.length > 1 || entry.omitted !== undefined || newest.length >= most) break;
    if (from !== undefined && ordinal <= from.ordinal) break;
    newest.push(entry);
  }
  const recent = newest.map(({ commit }) => ({ head: commit.oid, ordinal: commit.ordinal }));
  return { kind: 'all', from, to, view, recent };
}

function line(from: Cursor, view: View, newestFirst: LogEntry[]): Changes {
  return { kind: 'commits', from, to: cursorOf(view), view, entries: newestFirst.reverse() };
}

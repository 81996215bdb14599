import type { LogEntry, View } from '../git/repository.ts';
import { projectionUnsettled } from './errors.ts';
import type { Changes, Cursor, Projection } from './projection.ts';

/** Further back than this, comparing with all pages is cheaper than reading the log. In commits. */
export const MAX_LOG_ENTRIES = 1_000;

/** Commits that are read only to recognise a view that is a little older. */
const MAX_RECENT = 64;

/** Each refusal means that another process has moved the cursor meanwhile. */
const MAX_ATTEMPTS = 50;

/**
 * Brings a projection to the head of `view`. A projection that is known to be further on is left as it is; one that has
 * another history behind it is brought to this one.
 * @throws KittiwakeError `projection_unsettled` when others kept moving the cursor; what reading the wiki throws
 */
export async function catchUp(projection: Projection, view: View): Promise<void> {
  const to = cursorOf(view);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const from = await projection.cursor();
    if (from && from.head === to.head) return;
    if (from && to.head !== null && (await projection.hasPassed(to.head))) return;
    if (await projection.apply(await changesBetween(from, view))) return;
  }
  throw projectionUnsettled(projection.name, MAX_ATTEMPTS);
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
    if (parents.length > 1 || newest.length >= most) break;
    if (from !== undefined && ordinal <= from.ordinal) break;
    newest.push(entry);
  }
  const recent = newest.map(({ commit }) => ({ head: commit.oid, ordinal: commit.ordinal }));
  return { kind: 'all', from, to, view, recent };
}

function line(from: Cursor, view: View, newestFirst: LogEntry[]): Changes {
  return { kind: 'commits', from, to: cursorOf(view), view, entries: newestFirst.reverse() };
}

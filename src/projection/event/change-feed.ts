import { lineParent } from '../../git/history/line-parent.ts';
import type { View } from '../../git/repository.ts';
import type { Permits } from '../../wiki/access.ts';
import { changesGone, sinceInvalid } from '../errors.ts';
import { type EventPosition, type EventReader, positionAtHead } from './event-reader.ts';
import { visibleEvents } from './visible-events.ts';
import type { WikiEvent } from './wiki-event.ts';

export interface ChangeQuery {
  /** `cursor` of an answer before, or the id of an event; `start`: from the first commit on. Default: the newest events. */
  since?: string | undefined;
  /** Default 100, at most 1,000. */
  limit?: number | undefined;
}

export interface ChangePage {
  /** Oldest first. */
  events: readonly WikiEvent[];
  /** Where to go on; also when there was nothing. */
  cursor: string;
  /** True when there is, or may be, more by now. */
  more: boolean;
}

const DEFAULT_EVENTS = 100;
const MAX_EVENTS = 1_000;
/** What is read for one answer, also of what the caller may not see. */
const MAX_READ_EVENTS = 5_000;
const MAX_READ_COMMITS = 1_000;

/** As a cursor: nothing of the wiki was told. */
const START = 'start';

/**
 * What happened, as one caller may see it. From a cursor on nothing is left out and nothing repeated, whatever is committed meanwhile.
 * @throws KittiwakeError `cursor_invalid`; `changes_gone` when the history was taken back or rewritten behind the cursor
 */
export async function readChanges(
  reader: EventReader,
  view: View,
  permits: Permits,
  { since, limit = DEFAULT_EVENTS }: ChangeQuery,
): Promise<ChangePage> {
  const most = limit > 0 ? Math.min(limit, MAX_EVENTS) : DEFAULT_EVENTS;
  if (since === undefined) return await newestChanges(reader, view, permits, most);
  const found: WikiEvent[] = [];
  let position = await positionOf(view, since);
  let cursor = since;
  for (let read = 0; read < MAX_READ_EVENTS && found.length < most; ) {
    const wanted = { limit: most - found.length, maxCommits: MAX_READ_COMMITS };
    const batch = await reader.after(view, position, wanted);
    if (batch === undefined) throw changesGone(since);
    found.push(...(await visibleEvents(reader, view, batch.events, permits)));
    position = batch.position;
    cursor = cursorOf(position, batch.events.at(-1));
    if (!batch.more) return { events: found, cursor, more: false };
    // A batch may be of commits that did nothing.
    read += Math.max(batch.events.length, MAX_READ_EVENTS / 10);
  }
  return { events: found, cursor, more: true };
}

async function newestChanges(
  reader: EventReader,
  view: View,
  permits: Permits,
  most: number,
): Promise<ChangePage> {
  const newestFirst: WikiEvent[] = [];
  let commits = 0;
  for await (const { commit } of view.log()) {
    if (newestFirst.length >= most || commits >= MAX_READ_COMMITS) break;
    commits += 1;
    if (commit.ordinal < 0) continue;
    const { events = [] } = (await reader.of(view, commit.oid)) ?? {};
    const recent = events.slice(-MAX_EVENTS);
    newestFirst.push(...(await visibleEvents(reader, view, recent, permits)).reverse());
  }
  const events = newestFirst.slice(0, most).reverse();
  return { events, cursor: cursorOf(positionAtHead(view)), more: false };
}

/** @param last event that was told */
function cursorOf({ after, told }: EventPosition, last?: WikiEvent): string {
  return told > 0 && last !== undefined ? last.id : (after.head ?? START);
}

async function positionOf(view: View, since: string): Promise<EventPosition> {
  if (since === START) return { after: { head: null, ordinal: -1 }, told: 0 };
  const [, oid, n] = /^([0-9a-f]{40})(?:-(\d{1,9}|history))?$/.exec(since) ?? [];
  if (oid === undefined) throw sinceInvalid(since);
  const commit = await view.commit(oid);
  if (commit === undefined || commit.ordinal < 0) throw changesGone(since);
  const { ordinal } = commit;
  if (n === undefined || n === 'history') return { after: { head: oid, ordinal }, told: 0 };
  const parent = await lineParent(commit, other => view.commit(other));
  return { after: { head: parent ?? null, ordinal: ordinal - 1 }, told: Number(n) + 1, of: oid };
}

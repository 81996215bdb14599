import { Lru } from '../../core/lru.ts';
import type { Oid } from '../../git/object/objects.ts';
import type { LogEntry, View } from '../../git/repository.ts';
import type { Cursor } from '../projection.ts';
import { eventsOf, historyChanged } from './commit-events.ts';
import type { WikiEvent } from './wiki-event.ts';

/** Events that are kept: what one commit did is asked for batch by batch. About 20 MB. */
const MAX_KEPT = 50_000;

/** How far somebody has followed the events. */
export interface EventPosition {
  /** Of this commit, and all before it, everything was told; a head of null: nothing of the wiki. */
  after: Cursor;
  /** So many events of the commit that follows were told, too. */
  told: number;
  /** That commit, where some were told: another one may take its place. */
  of?: Oid | undefined;
}

export interface EventBatch {
  events: readonly WikiEvent[];
  /** Where the next batch begins. */
  position: EventPosition;
  /** True when there is more up to the head of the view. */
  more: boolean;
}

export interface BatchLimits {
  /** Most events of a batch. */
  limit: number;
  /** Most commits that are read for one. Default 1,000. */
  maxCommits?: number;
}

/** Tells what commits did. One for each wiki: it remembers. */
export interface EventReader {
  /**
   * What happened after a position, oldest first, along the main line. Undefined when the position is not on that line:
   * the history was taken back or rewritten since.
   */
  after(view: View, position: EventPosition, limits: BatchLimits): Promise<EventBatch | undefined>;
  /** What one commit did; undefined when there is none. */
  of(view: View, commit: Oid): Promise<CommitEvents | undefined>;
  /** The same for who has read the commit. */
  ofEntry(view: View, entry: LogEntry): Promise<CommitEvents>;
}

export interface CommitEvents {
  events: readonly WikiEvent[];
  /** Or did more than the events tell. */
  isMerge: boolean;
}

export function createEventReader(): EventReader {
  const kept = new Lru<Oid, CommitEvents>(MAX_KEPT);

  async function ofEntry(view: View, entry: LogEntry): Promise<CommitEvents> {
    const { oid, parents } = entry.commit;
    const known = kept.get(oid);
    if (known !== undefined) return known;
    const isMerge = parents.length > 1 || entry.omitted !== undefined;
    const made = { events: await eventsOf(view, entry), isMerge };
    kept.set(oid, made, made.events.length + 1);
    return made;
  }

  return {
    ofEntry,
    async of(view, commit) {
      const known = kept.get(commit);
      if (known !== undefined) return known;
      const entry = await view.logEntry(commit);
      return entry && (await ofEntry(view, entry));
    },
    async after(view, { after, told, of }, { limit, maxCommits = 1_000 }) {
      if (!(await isOnLine(view, after))) return undefined;
      const events: WikiEvent[] = [];
      let position: EventPosition = { after, told, of };
      let commits = 0;
      for await (const entry of view.logAfter(after.head ?? undefined)) {
        const { oid, ordinal, parents } = entry.commit;
        if (ordinal < 0) continue;
        const { after: last } = position;
        const follows = last.head === null ? parents.length === 0 : parents.includes(last.head);
        if (ordinal !== last.ordinal + 1 || !follows) return undefined;
        if (position.told > 0 && of !== undefined && of !== oid) return undefined;
        if (events.length >= limit || commits >= maxCommits) return { events, position, more: true };
        commits += 1;
        const { events: all } = await ofEntry(view, entry);
        const rest = all.slice(position.told, position.told + limit - events.length);
        events.push(...rest);
        const known = position.told + rest.length;
        if (known < all.length)
          return { events, position: { after: position.after, told: known, of: oid }, more: true };
        position = { after: { head: oid, ordinal }, told: 0 };
      }
      // Whatever of a commit was told that is not there any more tells nothing of the next one.
      return { events, position: { after: position.after, told: 0 }, more: false };
    },
  };
}

/** The events that tell of a history whose way to here is not known, and where to go on. */
export async function startAnew(view: View): Promise<EventBatch> {
  const event = view.head && (await historyChanged(view, view.head));
  return { events: event ? [event] : [], position: positionAtHead(view), more: false };
}

export function positionAtHead(view: View): EventPosition {
  return { after: { head: view.head ?? null, ordinal: view.ordinal }, told: 0 };
}

async function isOnLine(view: View, { head, ordinal }: Cursor): Promise<boolean> {
  if (head === null) return true;
  return (await view.commit(head))?.ordinal === ordinal;
}

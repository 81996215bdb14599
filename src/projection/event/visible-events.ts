import type { View } from '../../git/repository.ts';
import { type Permits, readsAll } from '../../wiki/access.ts';
import { WITHHELD } from '../../wiki/bound/visible-commit.ts';
import type { EventReader } from './event-reader.ts';
import type { WikiEvent } from './wiki-event.ts';

/**
 * Events as a caller may see them: those of files that he may not read are absent, and of a commit that is, or may be, also about such
 * files the message is withheld. Of a rename he sees the side that he may read. Ids stay as they are.
 */
export async function visibleEvents(
  reader: EventReader,
  view: View,
  events: readonly WikiEvent[],
  permits: Permits,
): Promise<WikiEvent[]> {
  if (readsAll(permits)) return [...events];
  const visible: WikiEvent[] = [];
  for (const event of events) {
    const seen = visibleEvent(event, permits);
    if (seen === undefined) continue;
    const isWhole = await readsCommit(reader, view, event, permits);
    visible.push(isWhole ? seen : { ...seen, message: WITHHELD });
  }
  return visible;
}

function visibleEvent(event: WikiEvent, permits: Permits): WikiEvent | undefined {
  const { type, file } = event;
  if (type === 'history_changed') return event;
  const mayRead = permits.may('read', file);
  if (type !== 'page_renamed') return mayRead ? event : undefined;
  const { from, ...rest } = event;
  if (permits.may('read', from)) return mayRead ? event : { ...rest, type: 'page_deleted', file: from };
  return mayRead ? { ...rest, type: 'page_created' } : undefined;
}

/** A merge tells of what it brings in. */
async function readsCommit(
  reader: EventReader,
  view: View,
  { commit }: WikiEvent,
  permits: Permits,
): Promise<boolean> {
  const done = await reader.of(view, commit);
  if (done === undefined || done.isMerge) return false;
  return done.events.every(
    event =>
      permits.may('read', event.file) && (event.type !== 'page_renamed' || permits.may('read', event.from)),
  );
}

import type { View } from '../../git/repository.ts';
import { historyChanged } from './commit-events.ts';
import type { EventReader } from './event-reader.ts';
import type { WikiEvent } from './wiki-event.ts';

/** The event of this id; undefined when its commit is none of the wiki's, or did not do so much. */
export async function findEvent(reader: EventReader, view: View, id: string): Promise<WikiEvent | undefined> {
  const [, oid = '', n = ''] = /^([0-9a-f]{40})-(\d{1,9}|history)$/.exec(id) ?? [];
  if (oid === '') return undefined;
  if (n === 'history') return await historyChanged(view, oid);
  return (await reader.of(view, oid))?.events[Number(n)];
}

import { keyOf, type OutboxFolder, type OutboxPlace } from './outbox-message.ts';

const DAY_MS = 86_400_000;
const SENT_MS = 7 * DAY_MS;
const DEAD_MS = 30 * DAY_MS;

/** Of one folder and call, of a thousand messages each. */
const MAX_PAGES = 10;

/** See {@link Outbox.sweep}. What has ended never changes its place: it may be removed whatever others do. */
export async function sweepMessages(place: OutboxPlace): Promise<number> {
  return (await sweepFolder(place, 'sent', SENT_MS)) + (await sweepFolder(place, 'dead', DEAD_MS));
}

async function sweepFolder(place: OutboxPlace, folder: OutboxFolder, keptMs: number): Promise<number> {
  const { store, runtime } = place;
  let removed = 0;
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const oldMs = runtime.now() - keptMs;
    const { objects, more } = await store.list(
      keyOf(place, folder, ''),
      after === undefined ? {} : { after },
    );
    const keys = objects.filter(({ modifiedMs }) => modifiedMs < oldMs).map(({ key }) => key);
    if (keys.length > 0) await store.delete(keys);
    removed += keys.length;
    after = objects.at(-1)?.key;
    if (!more) break;
  }
  return removed;
}

import type { Runtime } from '../core/runtime.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { draftPrefix } from './drafts.ts';

const DAY_MS = 86_400_000;

/** A list that is older is not acted upon: a process that was paused must not remove what was saved meanwhile. */
const MAX_PAUSE_MS = 10_000;

/**
 * Removes the drafts of a wiki that nobody has saved for `keptDays` and a day: one request for a thousand drafts, and one more for
 * those that go. Returns how many went. Only a draft that is saved, after all that time, in the moment between the two requests is lost.
 */
export async function sweepDrafts(
  store: ByteStore,
  { uuid, runtime, keptDays }: { uuid: string; runtime: Pick<Runtime, 'now'>; keptDays: number },
): Promise<number> {
  const prefix = draftPrefix(uuid);
  let removed = 0;
  let after: string | undefined;
  for (;;) {
    const listedMs = runtime.now();
    const { objects, more } = await store.list(prefix, after === undefined ? {} : { after });
    const oldMs = listedMs - (keptDays + 1) * DAY_MS;
    const keys = objects.filter(({ modifiedMs }) => modifiedMs < oldMs).map(({ key }) => key);
    const isFresh = runtime.now() - listedMs < MAX_PAUSE_MS;
    if (keys.length > 0 && isFresh) {
      await store.delete(keys);
      removed += keys.length;
    }
    after = objects.at(-1)?.key;
    if (!more || after === undefined) return removed;
  }
}

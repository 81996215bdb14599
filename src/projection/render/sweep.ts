import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { RENDERED_PREFIX } from './rendered-pages.ts';

/** What is still asked for is made again, once a month. */
const KEPT_MS = 30 * 24 * 3600 * 1000;
/** Of the 256 parts that keys fall into; which, is drawn for each run. */
const PARTS_PER_RUN = 2;
const MAX_LISTED_PER_PART = 20_000;

/**
 * Removes pages that were compiled more than 30 days ago, so that those of contents and settings that are gone go as well: a part of
 * all in each run, in time that does not depend on how many there are beyond a bound. Returns how many.
 */
export async function sweepRendered(store: ByteStore, runtime: Runtime): Promise<number> {
  let count = 0;
  for (let run = 0; run < PARTS_PER_RUN; run++) {
    const part = Math.floor(runtime.random() * 256)
      .toString(16)
      .padStart(2, '0');
    count += await sweepPart(store, `${RENDERED_PREFIX}${part}/`, runtime.now() - KEPT_MS);
  }
  return count;
}

async function sweepPart(store: ByteStore, prefix: string, beforeMs: number): Promise<number> {
  let [count, listed] = [0, 0];
  let after: string | undefined;
  for (;;) {
    const { objects, more } = await store.list(prefix, after === undefined ? {} : { after });
    const old = objects.filter(({ modifiedMs }) => modifiedMs < beforeMs).map(({ key }) => key);
    if (old.length > 0) await store.delete(old);
    count += old.length;
    listed += objects.length;
    after = objects.at(-1)?.key;
    if (!more || after === undefined || listed >= MAX_LISTED_PER_PART) return count;
  }
}

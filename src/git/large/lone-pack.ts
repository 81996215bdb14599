import type { PackRef } from '../ledger/ledger.ts';

/** From here on a pack of one file is left as it is: merging would copy it again and again, and hold it in memory. */
const LONE_BYTES = 16 << 20;

/**
 * True for the pack of one large file. It has no map, so its place among the other packs means nothing; merges, prunings
 * and examinations pass it by or stream it.
 */
export function isLone({ objects, map, bytes }: PackRef): boolean {
  return objects === 1 && map === undefined && bytes >= LONE_BYTES;
}

import type { IdempotencyRecord } from '../ledger/journal-entry.ts';
import { encodeKeySegment, RECORD_SECONDS, readRecords } from '../ledger/key-segment.ts';
import type { KeySegmentRef } from '../ledger/ledger.ts';
import type { PackStore } from '../view/pack-store.ts';

/** A segment is taken into the next one for as long as that stays below this many records. */
const MAX_MERGED = 200_000;

/** A new segment, and which of the listed ones it stands for. */
export interface FlushedKeys {
  segment: KeySegmentRef;
  replaced: readonly string[];
}

/**
 * Writes the records of a journal as a segment, together with those of the newest segments that are not much larger: so
 * a day of writes with keys ends in a handful of segments. Records that no longer count are left out.
 */
export async function writeKeys(
  name: string,
  records: readonly IdempotencyRecord[],
  listed: readonly KeySegmentRef[],
  env: { packs: PackStore; nowSeconds: number },
): Promise<FlushedKeys | undefined> {
  const since = env.nowSeconds - RECORD_SECONDS;
  const all = records.filter(record => record.seconds > since).reverse();
  if (all.length === 0) return undefined;
  const replaced: string[] = [];
  for (const segment of listed) {
    if (segment.count >= 2 * all.length || all.length + segment.count > MAX_MERGED) break;
    const older = readRecords(await env.packs.read(segment.name, 'keys', 0, segment.bytes), segment.count);
    all.push(...older.filter(record => record.seconds > since));
    replaced.push(segment.name);
  }
  const bytes = encodeKeySegment(all);
  await env.packs.write(name, 'keys', [bytes]);
  const newest = all.reduce((latest, record) => Math.max(latest, record.seconds), 0);
  const count = new Set(all.map(record => record.key)).size;
  return { segment: { name, bytes: bytes.length, count, newest }, replaced };
}

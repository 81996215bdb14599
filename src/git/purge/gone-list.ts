import type { GoneRef } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';

/**
 * Commits that rewriting has replaced: rows of 40 bytes sorted by id (20 bytes of the old id, 20 of the new one). Ids are
 * hashes, hence evenly spread: where a row lies can be told from its id to within a few standard deviations.
 */
const ROW_BYTES = 40;
const OID_BYTES = 20;

export function encodeGone(replaced: ReadonlyMap<Oid, Oid>): Buffer {
  const rows = Buffer.alloc(replaced.size * ROW_BYTES);
  [...replaced].sort(byOldId).forEach(([before, after], row) => {
    rows.write(before, row * ROW_BYTES, 'hex');
    rows.write(after, row * ROW_BYTES + OID_BYTES, 'hex');
  });
  return rows;
}

function byOldId([a]: readonly [Oid, Oid], [b]: readonly [Oid, Oid]): number {
  return a < b ? -1 : 1;
}

export function decodeGone(rows: Buffer): Map<Oid, Oid> {
  const replaced = new Map<Oid, Oid>();
  for (let at = 0; at < rows.length; at += ROW_BYTES)
    replaced.set(
      rows.toString('hex', at, at + OID_BYTES),
      rows.toString('hex', at + OID_BYTES, at + ROW_BYTES),
    );
  return replaced;
}

/**
 * True when an id of the list begins with `prefix` (hex digits in lower case). Reads a window of about the square root of the
 * list.
 */
export async function holdsGone(
  prefix: string,
  { count }: Pick<GoneRef, 'count'>,
  read: (start: number, end: number) => Promise<Buffer>,
): Promise<boolean> {
  const expected = (Number.parseInt(prefix.slice(0, 12).padEnd(12, '0'), 16) / 2 ** 48) * count;
  const spread = 64 + Math.ceil(5 * Math.sqrt(count));
  let first = Math.max(0, Math.floor(expected) - spread);
  for (;;) {
    const last = Math.min(count, first + 2 * spread);
    const window = await read(first * ROW_BYTES, last * ROW_BYTES);
    const ids = Array.from({ length: window.length / ROW_BYTES }, (_, row) =>
      window.toString('hex', row * ROW_BYTES, row * ROW_BYTES + OID_BYTES),
    );
    if (first > 0 && (ids[0] ?? '') >= prefix) first = Math.max(0, first - 2 * spread + 1);
    else if (last < count && (ids.at(-1) ?? '') < prefix) first = last - 1;
    else return ids.some(id => id.startsWith(prefix));
  }
}

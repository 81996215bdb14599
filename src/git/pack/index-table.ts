import type { PackEntry } from './pack-entry.ts';

/** What an index tells of the objects of a pack, in columns: an object for each would be garbage by the thousands. */
export interface IndexTable {
  readonly count: number;
  /** 20 bytes for each; there may be room for more. */
  readonly ids: Buffer;
  readonly offsets: Float64Array;
  readonly crcs: Uint32Array;
}

export const OID_BYTES = 20;
/** Of an id, in a number that holds the place of its row too. */
const PREFIX_BITS = 32;
const SAFE_BITS = 53;

export function tableOf(entries: readonly PackEntry[]): IndexTable {
  const count = entries.length;
  const ids = Buffer.alloc(count * OID_BYTES);
  const offsets = new Float64Array(count);
  const crcs = new Uint32Array(count);
  for (const [row, { oid, offset, crc }] of entries.entries()) {
    ids.write(oid, row * OID_BYTES, 'hex');
    offsets[row] = offset;
    crcs[row] = crc;
  }
  return { count, ids, offsets, crcs };
}

/** The rows of a table in the order of their ids, then offsets. Sorts numbers made of a beginning of the id and the row. */
export function orderOfIds(table: IndexTable): Uint32Array {
  const { count, ids } = table;
  const rowBits = Math.ceil(Math.log2(count + 1));
  const dropped = 2 ** Math.max(0, PREFIX_BITS + rowBits - SAFE_BITS);
  const scale = 2 ** rowBits;
  const keys = new Float64Array(count);
  for (let row = 0; row < count; row += 1)
    keys[row] = Math.floor(ids.readUInt32BE(row * OID_BYTES) / dropped) * scale + row;
  keys.sort();
  const order = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) order[at] = (keys[at] as number) % scale;
  for (let at = 1; at < count; at += 1) {
    if (Math.floor((keys[at - 1] as number) / scale) === Math.floor((keys[at] as number) / scale))
      sink(table, order, at);
  }
  return order;
}

/** Moves a row in front of those before it that come behind it. */
function sink(table: IndexTable, order: Uint32Array, from: number): void {
  for (let at = from; at > 0; at -= 1) {
    const [before, row] = [order[at - 1] as number, order[at] as number];
    if (compareRows(table, before, row) <= 0) return;
    order[at - 1] = row;
    order[at] = before;
  }
}

function compareRows({ ids, offsets }: IndexTable, a: number, b: number): number {
  const [atA, atB] = [a * OID_BYTES, b * OID_BYTES];
  const byId = ids.compare(ids, atB, atB + OID_BYTES, atA, atA + OID_BYTES);
  return byId || (offsets[a] as number) - (offsets[b] as number);
}

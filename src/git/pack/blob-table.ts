import type { Oid } from '../object/objects.ts';
import { type IndexTable, OID_BYTES } from './index-table.ts';

const FIRST_ROWS = 1_024;

/**
 * The blobs of a pack by id, in columns. A map of objects takes twice the time, and its garbage takes more: while a batch grows, all of
 * it is copied, then marked.
 */
export class BlobTable implements IndexTable {
  #count = 0;
  ids = Buffer.allocUnsafeSlow(FIRST_ROWS * OID_BYTES);
  offsets = new Float64Array(FIRST_ROWS);
  crcs = new Uint32Array(FIRST_ROWS);
  #lengths = new Uint32Array(FIRST_ROWS);
  /** By the beginning of an id, or behind that: its row and one more. 0: free. Twice as many as there are rows at least. */
  #slots = new Uint32Array(2 * FIRST_ROWS);

  get count(): number {
    return this.#count;
  }

  /** The row of this id; what it has where there was none is zero. */
  rowOf(oid: Oid): { row: number; isNew: boolean } {
    if (this.#count === this.offsets.length) this.#grow();
    const row = this.#count;
    this.ids.write(oid, row * OID_BYTES, 'hex');
    const slot = this.#slotOf(row);
    const known = this.#slots[slot] as number;
    if (known > 0) return { row: known - 1, isNew: false };
    this.#slots[slot] = row + 1;
    this.#count += 1;
    return { row, isNew: true };
  }

  place(row: number): { offset: number; length: number } {
    return { offset: this.offsets[row] as number, length: this.#lengths[row] as number };
  }

  set(row: number, offset: number, length: number, crc: number): void {
    this.offsets[row] = offset;
    this.#lengths[row] = length;
    this.crcs[row] = crc;
  }

  /** Keeps its memory for the next pack. */
  clear(): void {
    this.#count = 0;
    this.#slots.fill(0);
  }

  #slotOf(row: number): number {
    const { ids } = this;
    const mask = this.#slots.length - 1;
    const at = row * OID_BYTES;
    for (let slot = ids.readUInt32LE(at) & mask; ; slot = (slot + 1) & mask) {
      const known = (this.#slots[slot] as number) - 1;
      if (known < 0) return slot;
      const other = known * OID_BYTES;
      if (ids.compare(ids, other, other + OID_BYTES, at, at + OID_BYTES) === 0) return slot;
    }
  }

  #grow(): void {
    const rows = 2 * this.offsets.length;
    const ids = Buffer.allocUnsafeSlow(rows * OID_BYTES);
    ids.set(this.ids);
    this.ids = ids;
    this.offsets = larger(this.offsets, new Float64Array(rows));
    this.crcs = larger(this.crcs, new Uint32Array(rows));
    this.#lengths = larger(this.#lengths, new Uint32Array(rows));
    this.#slots = new Uint32Array(2 * rows);
    for (let row = 0; row < this.#count; row += 1) this.#slots[this.#slotOf(row)] = row + 1;
  }
}

function larger<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

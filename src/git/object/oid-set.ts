import type { Oid } from './objects.ts';

const OID_BYTES = 20;
const FIRST_CAPACITY = 1024;

/** A set of object ids at about 35 bytes each; the strings themselves would take four times that. */
export class OidSet {
  readonly #wanted = Buffer.alloc(OID_BYTES);
  /** In the order in which they came. */
  #oids: Buffer = Buffer.alloc(FIRST_CAPACITY * OID_BYTES);
  /** Open addressing: one above the position in `#oids`; 0 is free. */
  #slots = new Uint32Array(2 * FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** In the order in which they were added. */
  *oids(): Generator<Oid> {
    for (let at = 0; at < this.#size; at += 1)
      yield this.#oids.toString('hex', at * OID_BYTES, (at + 1) * OID_BYTES);
  }

  has(oid: Oid): boolean {
    return this.indexOf(oid) >= 0;
  }

  /** The same for the 20 bytes of an id at `start`. */
  hasBytes(bytes: Buffer, start: number): boolean {
    bytes.copy(this.#wanted, 0, start, start + OID_BYTES);
    return this.#slots[this.#findWanted()] !== 0;
  }

  /** How many were added before it; -1 when it is not there. */
  indexOf(oid: Oid): number {
    return (this.#slots[this.#find(oid)] as number) - 1;
  }

  /** The same for the 20 bytes of an id at `start`. */
  indexOfBytes(bytes: Buffer, start: number): number {
    bytes.copy(this.#wanted, 0, start, start + OID_BYTES);
    return (this.#slots[this.#findWanted()] as number) - 1;
  }

  /** The one that so many were added before. */
  at(index: number): Oid {
    return this.#oids.toString('hex', index * OID_BYTES, (index + 1) * OID_BYTES);
  }

  /** The same as 20 bytes, which are not to be changed. */
  bytesAt(index: number): Buffer {
    return this.#oids.subarray(index * OID_BYTES, (index + 1) * OID_BYTES);
  }

  /** @returns false when it was there already */
  add(oid: Oid): boolean {
    this.#wanted.write(oid, 'hex');
    return this.#add();
  }

  /** The same for the 20 bytes of an id at `start`. */
  addBytes(bytes: Buffer, start: number): boolean {
    bytes.copy(this.#wanted, 0, start, start + OID_BYTES);
    return this.#add();
  }

  #add(): boolean {
    if ((this.#size + 1) * OID_BYTES > this.#oids.length) this.#grow();
    const slot = this.#findWanted();
    if (this.#slots[slot] !== 0) return false;
    this.#wanted.copy(this.#oids, this.#size * OID_BYTES);
    this.#size += 1;
    this.#slots[slot] = this.#size;
    return true;
  }

  #find(oid: Oid): number {
    this.#wanted.write(oid, 'hex');
    return this.#findWanted();
  }

  /** The slot in which `#wanted` is, or would be. */
  #findWanted(): number {
    const mask = this.#slots.length - 1;
    const front = this.#wanted.readUInt32LE(0);
    for (let slot = front & mask; ; slot = (slot + 1) & mask) {
      const at = ((this.#slots[slot] as number) - 1) * OID_BYTES;
      if (at < 0) return slot;
      // Most of those that meet in a slot differ here, and a call to compare them takes longer.
      if (this.#oids.readUInt32LE(at) !== front) continue;
      if (this.#wanted.compare(this.#oids, at, at + OID_BYTES) === 0) return slot;
    }
  }

  #grow(): void {
    const oids = Buffer.alloc(2 * this.#oids.length);
    this.#oids.copy(oids);
    this.#oids = oids;
    this.#slots = new Uint32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.#size; index += 1) {
      let slot = oids.readUInt32LE(index * OID_BYTES) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    }
  }
}

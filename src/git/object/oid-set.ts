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

  has(oid: Oid): boolean {
    return this.indexOf(oid) >= 0;
  }

  /** How many were added before it; -1 when it is not there. */
  indexOf(oid: Oid): number {
    return (this.#slots[this.#find(oid)] as number) - 1;
  }

  /** @returns false when it was there already */
  add(oid: Oid): boolean {
    const slot = this.#find(oid);
    if (this.#slots[slot] !== 0) return false;
    if ((this.#size + 1) * OID_BYTES > this.#oids.length) {
      this.#grow();
      return this.add(oid);
    }
    this.#wanted.copy(this.#oids, this.#size * OID_BYTES);
    this.#size += 1;
    this.#slots[slot] = this.#size;
    return true;
  }

  /** The slot in which it is, or would be. Leaves its bytes in `#wanted`. */
  #find(oid: Oid): number {
    this.#wanted.write(oid, 'hex');
    const mask = this.#slots.length - 1;
    for (let slot = this.#wanted.readUInt32LE(0) & mask; ; slot = (slot + 1) & mask) {
      const at = ((this.#slots[slot] as number) - 1) * OID_BYTES;
      if (at < 0 || this.#wanted.compare(this.#oids, at, at + OID_BYTES) === 0) return slot;
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

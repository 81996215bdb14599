import type { ObjectType, Oid } from '../object/objects.ts';

const OID_BYTES = 20;
const TYPES: readonly ObjectType[] = ['commit', 'tree', 'blob', 'tag'];
const UNKNOWN = 255;

/** The entries of a pack by number, in the pack's order: 37 bytes each. */
export class PackTable {
  #count: number;
  /** The last one is where the entries end. */
  #offsets: Float64Array;
  #types: Uint8Array;
  #bases: Int32Array;
  #oids: Buffer;
  /** Numbers in the order of their ids, once {@link PackTable.sort} was called. */
  #sorted = new Uint32Array();
  readonly #wanted = Buffer.alloc(OID_BYTES);

  constructor(count: number) {
    this.#count = count;
    this.#offsets = new Float64Array(count + 1);
    this.#types = new Uint8Array(count).fill(UNKNOWN);
    this.#bases = new Int32Array(count).fill(-1);
    this.#oids = Buffer.alloc(count * OID_BYTES);
  }

  get count(): number {
    return this.#count;
  }

  /** Makes one entry more. */
  grow(): void {
    this.#count += 1;
    const room = this.#types.length;
    if (this.#count <= room) return;
    const more = Math.max(16, room >> 1);
    this.#offsets = joined(this.#offsets, new Float64Array(more));
    this.#types = joined(this.#types, new Uint8Array(more).fill(UNKNOWN));
    this.#bases = joined(this.#bases, new Int32Array(more).fill(-1));
    this.#oids = Buffer.concat([this.#oids, Buffer.alloc(more * OID_BYTES)]);
  }

  /** In turn; the last is where the entries end. */
  setOffset(number: number, offset: number): void {
    this.#offsets[number] = offset;
  }

  /** It is a delta against that entry. */
  setBase(number: number, base: number): void {
    this.#bases[number] = base;
  }

  /** What an entry turned out to be. */
  resolve(number: number, type: ObjectType, oid: Oid): void {
    this.#types[number] = TYPES.indexOf(type);
    this.#oids.write(oid, number * OID_BYTES, 'hex');
  }

  offset(number: number): number {
    return this.#offsets[number] as number;
  }

  /** Where the entry ends. */
  end(number: number): number {
    return this.#offsets[number + 1] as number;
  }

  /** Undefined while it is not known. */
  type(number: number): ObjectType | undefined {
    return TYPES[this.#types[number] as number];
  }

  /** The entry that it is a delta against; -1: it lies whole. */
  base(number: number): number {
    return this.#bases[number] as number;
  }

  oid(number: number): Oid {
    return this.#oids.toString('hex', number * OID_BYTES, (number + 1) * OID_BYTES);
  }

  /** The entry of the first `count` that begins at `offset`; -1: none does. */
  at(offset: number, count = this.#count): number {
    const found = lowest(count, number => (this.#offsets[number] as number) - offset);
    return found < count && this.#offsets[found] === offset ? found : -1;
  }

  /** To be called when all entries are resolved, before {@link PackTable.find}. */
  sort(): void {
    const oids = this.#oids;
    this.#sorted = Uint32Array.from({ length: this.#count }, (_, number) => number).sort((a, b) => {
      const order = oids.readUIntBE(a * OID_BYTES, 6) - oids.readUIntBE(b * OID_BYTES, 6);
      return order === 0 ? this.#compare(a, oids, b * OID_BYTES) || a - b : order;
    });
  }

  /** The first entry of an object; -1: it is not there. */
  find(oid: Oid): number {
    const wanted = this.#wanted;
    wanted.write(oid, 'hex');
    const position = lowest(this.#count, at => this.#compare(this.#sorted[at] as number, wanted, 0));
    const number = this.#sorted[position];
    return number !== undefined && this.#compare(number, wanted, 0) === 0 ? number : -1;
  }

  #compare(number: number, other: Buffer, at: number): number {
    const start = number * OID_BYTES;
    // To compare buffers is a call out of the engine, which nearly all ids do without.
    const order = this.#oids.readUInt32BE(start) - other.readUInt32BE(at);
    return order !== 0 ? order : this.#oids.compare(other, at, at + OID_BYTES, start, start + OID_BYTES);
  }
}

/** The first of `count` positions in order of which `compare` is not below zero; `count`: none. */
export function lowest(count: number, compare: (position: number) => number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(middle) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joined<T extends Float64Array | Uint8Array | Int32Array>(front: T, rest: T): T {
  const made = new (front.constructor as new (length: number) => T)(front.length + rest.length);
  made.set(front);
  made.set(rest, front.length);
  return made;
}

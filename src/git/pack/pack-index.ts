import { createHash } from 'node:crypto';
import { packCorrupt, packIndexCorrupt } from '../errors.ts';
import type { Oid } from '../object/objects.ts';
import { type IndexTable, OID_BYTES, orderOfIds, tableOf } from './index-table.ts';
import type { PackEntry } from './pack-entry.ts';

/** Version 2 of git's pack index: gitformat-pack(5), "Version 2 pack-*.idx files". */
const MAGIC = 0xff744f63;
const FANOUT_AT = 8;
const NAMES_AT = FANOUT_AT + 256 * 4;
const LARGE = 0x80000000;
const TRAILERS_BYTES = 40;

/** @param packSha the checksum that ends the pack: 20 bytes, or hex */
export function encodeIndex(entries: readonly PackEntry[], packSha: Buffer | string): Buffer {
  return encodeIndexTable(tableOf(entries), packSha);
}

/** The same, of a table. */
export function encodeIndexTable(table: IndexTable, packSha: Buffer | string): Buffer {
  const { count, ids, crcs, offsets } = table;
  const large = offsets.subarray(0, count).filter(offset => offset >= LARGE).length;
  const index = Buffer.alloc(NAMES_AT + count * (OID_BYTES + 8) + large * 8 + TRAILERS_BYTES);
  index.writeUInt32BE(MAGIC, 0);
  index.writeUInt32BE(2, 4);
  writeFanout(index, table);
  const at = tables(count);
  let largeCount = 0;
  for (const [i, row] of orderOfIds(table).entries()) {
    const offset = offsets[row] as number;
    ids.copy(index, NAMES_AT + i * OID_BYTES, row * OID_BYTES, (row + 1) * OID_BYTES);
    index.writeUInt32BE(crcs[row] as number, at.crcs + i * 4);
    index.writeUInt32BE(offset < LARGE ? offset : LARGE + largeCount, at.offsets + i * 4);
    if (offset >= LARGE) index.writeBigUInt64BE(BigInt(offset), at.larges + largeCount++ * 8);
  }
  index.set(
    typeof packSha === 'string' ? Buffer.from(packSha, 'hex') : packSha,
    index.length - TRAILERS_BYTES,
  );
  const body = index.subarray(0, -OID_BYTES);
  index.set(createHash('sha1').update(body).digest(), body.length);
  return index;
}

function writeFanout(index: Buffer, { count, ids }: IndexTable): void {
  const counts = new Uint32Array(256);
  for (let row = 0; row < count; row += 1) {
    const first = ids[row * OID_BYTES] as number;
    counts[first] = (counts[first] as number) + 1;
  }
  let sum = 0;
  for (const [first, own] of counts.entries()) {
    sum += own;
    index.writeUInt32BE(sum, FANOUT_AT + first * 4);
  }
}

function tables(count: number): { crcs: number; offsets: number; larges: number } {
  const crcs = NAMES_AT + count * OID_BYTES;
  return { crcs, offsets: crcs + count * 4, larges: crcs + count * 8 };
}

/** A pack's index: which objects it holds, and where. */
export class PackIndex {
  /** Number of objects. */
  readonly count: number;
  /** The checksum of the pack it belongs to, hex. */
  readonly packSha: string;
  readonly #bytes: Buffer;
  readonly #at: ReturnType<typeof tables>;
  #sortedOffsets: Float64Array | undefined;

  private constructor(bytes: Buffer, count: number) {
    this.#bytes = bytes;
    this.count = count;
    this.#at = tables(count);
    this.packSha = bytes.toString('hex', bytes.length - TRAILERS_BYTES, bytes.length - OID_BYTES);
  }

  /** @throws KittiwakeError `pack_index_corrupt` */
  static parse(bytes: Buffer): PackIndex {
    if (bytes.length < NAMES_AT + TRAILERS_BYTES) throw packIndexCorrupt(`it has only ${bytes.length} bytes`);
    if (bytes.readUInt32BE(0) !== MAGIC) throw packIndexCorrupt('it is no index of version 2');
    const version = bytes.readUInt32BE(4);
    if (version !== 2) throw packIndexCorrupt(`its version is ${version}, this release knows 2`);
    const sha = createHash('sha1').update(bytes.subarray(0, -OID_BYTES)).digest();
    if (!sha.equals(bytes.subarray(-OID_BYTES))) throw packIndexCorrupt('its checksum does not match');
    const index = new PackIndex(bytes, checkedCount(bytes));
    index.#checkOffsets();
    return index;
  }

  #checkOffsets(): void {
    const larges = (this.#bytes.length - TRAILERS_BYTES - this.#at.larges) / 8;
    for (let i = 0; i < this.count; i += 1) {
      const offset = this.#bytes.readUInt32BE(this.#at.offsets + i * 4);
      if (offset >= LARGE && offset - LARGE >= larges)
        throw packIndexCorrupt('an offset is not in its table');
    }
  }

  /** Offset of an object in the pack. */
  find(oid: Oid): number | undefined {
    const position = this.#search(oid);
    return this.#oid(position) === oid ? this.#offset(position) : undefined;
  }

  /** Ids that start with `prefix` (lower-case hex), at most `limit`. */
  resolve(prefix: string, limit = 2): Oid[] {
    const found: Oid[] = [];
    for (let position = this.#search(prefix.padEnd(40, '0')); found.length < limit; position += 1) {
      const oid = this.#oid(position);
      if (!oid?.startsWith(prefix)) break;
      found.push(oid);
    }
    return found;
  }

  /** The ids in order, 20 bytes each. */
  get ids(): Buffer {
    return this.#bytes.subarray(NAMES_AT, NAMES_AT + this.count * OID_BYTES);
  }

  /** Offset of the object at a position among the ids. */
  offsetAt(position: number): number {
    return this.#offset(position);
  }

  /** All ids in order. */
  *oids(): Generator<Oid> {
    for (const { oid } of this.entries()) yield oid;
  }

  /** All objects in the order of their ids. */
  *entries(): Generator<{ oid: Oid; offset: number; crc: number }> {
    for (let i = 0; i < this.count; i += 1) {
      const crc = this.#bytes.readUInt32BE(this.#at.crcs + i * 4);
      yield { oid: this.#oid(i) ?? '', offset: this.#offset(i), crc };
    }
  }

  /**
   * Where the entry that begins at `offset` ends, in a pack of `packBytes`.
   * @throws KittiwakeError `pack_corrupt` when no entry begins there, or the pack is too short for it
   */
  entryEnd(offset: number, packBytes: number): number {
    this.#sortedOffsets ??= this.#sortOffsets();
    const offsets = this.#sortedOffsets;
    let [low, high] = [0, offsets.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((offsets[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    const end = offsets[low] ?? packBytes - OID_BYTES;
    if (offsets[low - 1] !== offset) throw packCorrupt(`no object begins at byte ${offset}`);
    if (end > packBytes - OID_BYTES || end <= offset)
      throw packCorrupt(`it has only ${packBytes} bytes, an object ends at ${end}`);
    return end;
  }

  #sortOffsets(): Float64Array {
    const offsets = new Float64Array(this.count);
    for (let i = 0; i < offsets.length; i += 1) offsets[i] = this.#offset(i);
    return offsets.sort();
  }

  /** The same for the 20 bytes of an id. */
  findBytes(id: Buffer): number | undefined {
    const position = this.#searchBytes(id);
    const at = NAMES_AT + position * OID_BYTES;
    if (position >= this.count || this.#bytes.readUInt32BE(at) !== id.readUInt32BE(0)) return undefined;
    return this.#bytes.compare(id, 0, OID_BYTES, at, at + OID_BYTES) === 0
      ? this.#offset(position)
      : undefined;
  }

  /** Position of the first id that is not before `oid`. */
  #search(oid: string): number {
    return this.#searchBytes(Buffer.from(oid, 'hex'));
  }

  #searchBytes(wanted: Buffer): number {
    const first = wanted[0];
    if (first === undefined || wanted.length !== OID_BYTES) return this.count;
    let low = first === 0 ? 0 : this.#bytes.readUInt32BE(FANOUT_AT + (first - 1) * 4);
    let high = this.#bytes.readUInt32BE(FANOUT_AT + first * 4);
    const front = wanted.readUInt32BE(0);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = NAMES_AT + middle * OID_BYTES;
      const found = this.#bytes.readUInt32BE(at);
      // To compare buffers is a call out of the engine, which nearly all ids do without.
      const isBefore =
        found === front ? this.#bytes.compare(wanted, 0, OID_BYTES, at, at + OID_BYTES) < 0 : found < front;
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #oid(position: number): Oid | undefined {
    const at = NAMES_AT + position * OID_BYTES;
    return position < this.count ? this.#bytes.toString('hex', at, at + OID_BYTES) : undefined;
  }

  #offset(position: number): number {
    const offset = this.#bytes.readUInt32BE(this.#at.offsets + position * 4);
    return offset < LARGE
      ? offset
      : Number(this.#bytes.readBigUInt64BE(this.#at.larges + (offset - LARGE) * 8));
  }
}

/** The number of objects, when fanout and size agree on it. */
function checkedCount(bytes: Buffer): number {
  let count = 0;
  for (let first = 0; first < 256; first += 1) {
    const next = bytes.readUInt32BE(FANOUT_AT + first * 4);
    if (next < count) throw packIndexCorrupt('its fan-out table goes back');
    count = next;
  }
  const larges = bytes.length - tables(count).larges - TRAILERS_BYTES;
  if (larges < 0 || larges % 8 !== 0)
    throw packIndexCorrupt(`its ${bytes.length} bytes do not fit ${count} objects`);
  return count;
}

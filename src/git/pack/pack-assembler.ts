import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ObjectType, Oid } from '../object/objects.ts';
import type { PackEntry } from './pack-entry.ts';
import { encodeEntryHeader, PACK_HEADER_BYTES } from './pack-entry.ts';
import { encodeIndex } from './pack-index.ts';

/** A pack in memory, with its index. */
export interface BuiltPack {
  /** In pieces, to be written one after the other. */
  pack: Buffer[];
  index: Buffer;
  /** In the order of the pack. */
  entries: PackEntry[];
  /** The checksum that ends the pack, hex. */
  sha: string;
  /** Where an object lies, when it lies whole. */
  place(oid: Oid): { offset: number; length: number } | undefined;
}

export interface RawEntry {
  oid: Oid;
  type: ObjectType;
  /** Of the inflated payload. */
  size: number;
  deflated: Uint8Array;
  /** Makes it a delta; must be in the pack. */
  base?: PackEntry | undefined;
}

const SLAB_BYTES = 64 << 10;

/** Puts deflated entries one behind the other. */
export class PackAssembler {
  readonly #parts: Uint8Array[] = [];
  readonly #entries = new Map<Oid, PackEntry>();
  #offset = PACK_HEADER_BYTES;
  #slab = Buffer.alloc(0);
  #slabUsed = 0;

  /** Bytes so far. */
  get byteLength(): number {
    return this.#offset;
  }

  find(oid: Oid): PackEntry | undefined {
    return this.#entries.get(oid);
  }

  /** Where an object lies, when it lies whole. */
  place(oid: Oid): { offset: number; length: number } | undefined {
    const entry = this.#entries.get(oid);
    return entry && !entry.base ? { offset: entry.offset, length: entry.length } : undefined;
  }

  append({ oid, type, size, deflated, base }: RawEntry): PackEntry {
    const offset = this.#offset;
    const header = base
      ? encodeEntryHeader('ofs-delta', size, offset - base.offset)
      : encodeEntryHeader(type, size);
    const length = header.length + deflated.length;
    const crc = crc32(deflated, crc32(header));
    const entry: PackEntry = { oid, offset, length, crc, type, ...(base ? { base: base.oid } : {}) };
    if (length > SLAB_BYTES / 4) this.#parts.push(header, deflated);
    else this.#copy(header, deflated);
    this.#entries.set(oid, entry);
    this.#offset += length;
    return entry;
  }

  /** Kept as they are, small pieces would each hold on to the buffer of Node's that they were cut from. */
  #copy(header: Buffer, deflated: Uint8Array): void {
    const length = header.length + deflated.length;
    if (this.#slab.length - this.#slabUsed < length) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#slabUsed = 0;
    }
    const start = this.#slabUsed;
    this.#slab.set(header, start);
    this.#slab.set(deflated, start + header.length);
    this.#slabUsed = start + length;
    this.#parts.push(this.#slab.subarray(start, start + length));
  }

  finish(): BuiltPack {
    const header = Buffer.alloc(PACK_HEADER_BYTES);
    header.write('PACK', 0, 'latin1');
    header.writeUInt32BE(2, 4);
    header.writeUInt32BE(this.#entries.size, 8);
    const sha = createHash('sha1').update(header);
    for (const part of this.#parts) sha.update(part);
    const trailer = sha.digest();
    const entries = [...this.#entries.values()];
    const pack = [header, ...this.#parts.map(asBuffer), trailer];
    return {
      pack,
      index: encodeIndex(entries, trailer),
      entries,
      sha: trailer.toString('hex'),
      place: oid => this.place(oid),
    };
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

import { Lru } from '../../core/lru.ts';
import { unpooled } from '../../core/unpooled.ts';
import { objectMissing, packCorrupt } from '../errors.ts';
import type { MaybePromise } from '../layer/layer.ts';
import type { GitObject, ObjectType, Oid } from '../object/objects.ts';
import { applyDelta, readDeltaHeader } from '../pack/delta.ts';
import {
  DEFAULT_MAX_OBJECT_BYTES,
  type EntryHeader,
  inflatePart,
  isDelta,
  MAX_ENTRY_HEADER_BYTES,
  readEntryHeader,
} from '../pack/pack-entry.ts';
import { inflatePayload } from './inflate-payload.ts';
import type { SourcePack, SourcePacks } from './source-pack.ts';

const BLOCK_BYTES = 256 << 10;
const BLOCK_CACHE_BYTES = 16 << 20;
const OBJECT_CACHE_BYTES = 32 << 20;
/** Larger objects are not kept. */
const MAX_KEPT_BYTES = 4 << 20;
const MAX_CHAIN = 4096;
const DELTA_FRONT_BYTES = 512;
/** Small objects share memory: to get it for each of them takes longer than to make it. */
const SHARED_BYTES = 64 << 10;
const MAX_SHARING_BYTES = 8 << 10;
/** Packs are told apart by what lies above all offsets. */
const PACK_SPAN = 2 ** 42;

/** Where an object lies. */
export interface Entry {
  /** Position among the packs. */
  pack: number;
  offset: number;
}

/** The objects of some packs, read in whatever order. In memory are at most 48 MiB of them. */
export class PackedObjects {
  readonly packs: readonly SourcePack[];
  readonly #wanted = Buffer.alloc(20);
  readonly #blocks = new Lru<number, MaybePromise<Buffer>>(BLOCK_CACHE_BYTES);
  readonly #objects = new Lru<number, GitObject>(OBJECT_CACHE_BYTES);
  #shared: Buffer = Buffer.alloc(0);
  #sharedBytes = 0;
  /** Where the object was that was found last: the next one is often there, too. */
  #likely = 0;

  constructor({ listed, fresh }: Pick<SourcePacks, 'listed' | 'fresh'>) {
    this.packs = [...listed, ...fresh];
  }

  find(oid: Oid): Entry | undefined {
    this.#wanted.write(oid, 'hex');
    return this.findBytes(this.#wanted);
  }

  /** The same for the 20 bytes of an id. */
  findBytes(id: Buffer): Entry | undefined {
    for (let turn = -1; turn < this.packs.length; turn += 1) {
      const pack = turn < 0 ? this.#likely : turn;
      const offset = this.packs[pack]?.index.findBytes(id);
      if (offset === undefined) continue;
      this.#likely = pack;
      return { pack, offset };
    }
    return undefined;
  }

  /** @throws KittiwakeError `object_missing`, `pack_corrupt`, `pack_missing` */
  async object(oid: Oid, type?: ObjectType): Promise<GitObject> {
    const entry = this.find(oid);
    const found = entry && (await this.objectAt(entry));
    if (!found) throw objectMissing(oid);
    if (type !== undefined && found.type !== type)
      throw objectMissing(oid, `it is a ${found.type}, not a ${type}`);
    return found;
  }

  /** The object of an entry. What it is made from is kept for those that lie near it. */
  async objectAt(entry: Entry): Promise<GitObject> {
    const chain: { at: Entry; delta: Buffer }[] = [];
    let at = entry;
    let made = this.#objects.get(keyOf(at));
    while (made === undefined) {
      const { header, bytes } = await this.entry(at);
      const payload = inflatePayload(bytes.subarray(header.length), header.size);
      if (!isDelta(header)) {
        made = { type: header.kind, bytes: unpooled(payload) };
        this.#keep(at, made);
        break;
      }
      chain.push({ at, delta: payload });
      if (chain.length > MAX_CHAIN) throw packCorrupt('a chain of deltas is too long');
      at = this.baseOf(at, header);
      made = this.#objects.get(keyOf(at));
    }
    const options = {
      maxBytes: DEFAULT_MAX_OBJECT_BYTES,
      allocate: (bytes: number) => this.#allocate(bytes),
    };
    for (const { at: link, delta } of chain.toReversed()) {
      made = { type: made.type, bytes: applyDelta(made.bytes, delta, options) };
      this.#keep(link, made);
    }
    return made;
  }

  #allocate(bytes: number): Buffer {
    if (bytes > MAX_SHARING_BYTES) return Buffer.allocUnsafeSlow(bytes);
    if (this.#sharedBytes + bytes > this.#shared.length) {
      this.#shared = Buffer.allocUnsafeSlow(SHARED_BYTES);
      this.#sharedBytes = 0;
    }
    const start = this.#sharedBytes;
    this.#sharedBytes += bytes;
    return this.#shared.subarray(start, this.#sharedBytes);
  }

  #keep(entry: Entry, object: GitObject): void {
    const { length } = object.bytes;
    if (length <= MAX_KEPT_BYTES) this.#objects.set(keyOf(entry), object, length + 200);
  }

  /** Type of an object, and its size; nothing but the fronts of entries is inflated. */
  async describe(entry: Entry): Promise<{ type: ObjectType; size: number }> {
    let size: number | undefined;
    let at = entry;
    for (let links = 0; links < MAX_CHAIN; links += 1) {
      const front = await this.#front(at);
      const header = readEntryHeader(front);
      if (!isDelta(header)) return { type: header.kind, size: size ?? header.size };
      size ??= readDeltaHeader(inflatePart(front.subarray(header.length))).targetLength;
      at = this.baseOf(at, header);
    }
    throw packCorrupt('a chain of deltas is too long');
  }

  async #front(entry: Entry): Promise<Buffer> {
    const end = Math.min(this.endOf(entry), entry.offset + MAX_ENTRY_HEADER_BYTES + DELTA_FRONT_BYTES);
    return this.read(entry.pack, entry.offset, end);
  }

  async header(entry: Entry): Promise<EntryHeader> {
    const end = Math.min(this.endOf(entry), entry.offset + MAX_ENTRY_HEADER_BYTES);
    return readEntryHeader(await this.read(entry.pack, entry.offset, end));
  }

  /** The whole entry as it lies. */
  async entry(entry: Entry): Promise<{ header: EntryHeader; bytes: Buffer }> {
    const bytes = await this.read(entry.pack, entry.offset, this.endOf(entry));
    return { header: readEntryHeader(bytes), bytes };
  }

  /** What a delta is made against. */
  baseOf({ pack, offset }: Entry, header: EntryHeader): Entry {
    if (header.kind === 'ofs-delta') return { pack, offset: offset - header.distance };
    const base = header.kind === 'ref-delta' ? this.packs[pack]?.index.find(header.base) : undefined;
    if (base === undefined) throw packCorrupt(`the delta at byte ${offset} has no base`);
    return { pack, offset: base };
  }

  endOf({ pack, offset }: Entry): number {
    const { index, bytes } = this.packs[pack] as SourcePack;
    return index.entryEnd(offset, bytes);
  }

  /** Bytes of a pack; those around them are kept for a while. At once where they are there. */
  read(pack: number, start: number, end: number): MaybePromise<Buffer> {
    const first = Math.floor(start / BLOCK_BYTES);
    if (end > (first + 1) * BLOCK_BYTES) return this.#readAcross(pack, start, end);
    const block = this.#block(pack, first);
    const from = first * BLOCK_BYTES;
    if (block instanceof Promise) return block.then(bytes => bytes.subarray(start - from, end - from));
    return block.subarray(start - from, end - from);
  }

  async #readAcross(pack: number, start: number, end: number): Promise<Buffer> {
    const [first, last] = [Math.floor(start / BLOCK_BYTES), Math.floor((end - 1) / BLOCK_BYTES)];
    if (last - first > 4) return await (this.packs[pack] as SourcePack).read(start, end);
    const parts: Buffer[] = [];
    for (let block = first; block <= last; block += 1) {
      const bytes = await this.#block(pack, block);
      const from = block * BLOCK_BYTES;
      parts.push(bytes.subarray(Math.max(start - from, 0), end - from));
    }
    return Buffer.concat(parts);
  }

  #block(pack: number, block: number): MaybePromise<Buffer> {
    const key = pack * PACK_SPAN + block;
    const known = this.#blocks.get(key);
    if (known) return known;
    const source = this.packs[pack] as SourcePack;
    const start = block * BLOCK_BYTES;
    const reading = source.read(start, Math.min(source.bytes, start + BLOCK_BYTES));
    this.#blocks.set(key, reading, BLOCK_BYTES);
    reading.then(
      bytes => this.#blocks.set(key, bytes, bytes.length),
      () => this.#blocks.delete(key),
    );
    return reading;
  }
}

function keyOf({ pack, offset }: Entry): number {
  return pack * PACK_SPAN + offset;
}

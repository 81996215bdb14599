import { objectMissing } from '../errors.ts';
import { deflateDelta, deflateObject } from '../object/deflate.ts';
import type { Oid } from '../object/objects.ts';
import { createDelta } from '../pack/delta.ts';
import { type EntryHeader, encodeEntryHeader, isDelta, PACK_HEADER_BYTES } from '../pack/pack-entry.ts';
import { oidAt } from './pack-layout.ts';
import type { Entry, PackedObjects } from './packed-objects.ts';
import type { Selection } from './selection.ts';
import type { SourcePack } from './source-pack.ts';

export interface EntryOptions {
  /** The receiver has what stood in the place of objects before: they may be sent as deltas against that. */
  thin: boolean;
  /** Deltas may name their bases by distance. */
  ofsDelta: boolean;
}

const REF_DELTA = 7;
const CHUNK_BYTES = 256 << 10;
/** Objects outside these bounds are sent as they lie. */
const MIN_DELTA_BYTES = 128;
const MAX_DELTA_BYTES = 4 << 20;
/** Larger parts of entries are read and sent in pieces. */
const MAX_PART_BYTES = 1 << 20;
const WHOLE_BYTES = 8 << 20;

/**
 * The entries of selected objects, in the order in which they lie. What lies whole, or as a delta against what is sent, too, is copied;
 * what lies as a delta against something else is made whole.
 */
export class SelectedEntries {
  readonly #objects: PackedObjects;
  readonly #selection: Selection;
  readonly #options: EntryOptions;
  readonly #packs: Uint32Array;
  readonly #offsets: Float64Array;
  /** 0: not sent yet. */
  readonly #sentAt: Float64Array;
  #at = PACK_HEADER_BYTES;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  /** @throws KittiwakeError `object_missing` */
  constructor(objects: PackedObjects, selection: Selection, options: EntryOptions) {
    const { size, oids } = selection;
    this.#objects = objects;
    this.#selection = selection;
    this.#options = options;
    this.#packs = new Uint32Array(size);
    this.#offsets = new Float64Array(size);
    this.#sentAt = new Float64Array(size);
    for (let index = 0; index < size; index += 1) {
      const oid = oids.at(index);
      const entry = objects.find(oid);
      if (!entry) throw objectMissing(oid);
      this.#packs[index] = entry.pack;
      this.#offsets[index] = entry.offset;
    }
  }

  async *chunks(): AsyncGenerator<Buffer> {
    for (const index of this.#order()) {
      for (const link of (await this.#chain(index)).toReversed()) {
        for await (const part of this.#parts(link)) {
          this.#at += part.length;
          this.#pending.push(part);
          this.#pendingBytes += part.length;
          if (this.#pendingBytes >= CHUNK_BYTES) yield this.#taken();
        }
      }
    }
    if (this.#pendingBytes > 0) yield this.#taken();
  }

  #taken(): Buffer {
    const chunk = Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    return chunk;
  }

  #order(): Uint32Array {
    const [packs, offsets] = [this.#packs, this.#offsets];
    const order = Uint32Array.from({ length: packs.length }, (_, i) => i);
    const packOf = (i: number) => packs[i] as number;
    return order.sort((a, b) => packOf(a) - packOf(b) || (offsets[a] as number) - (offsets[b] as number));
  }

  /** An object and the bases that have to be sent before it, the last of them last. */
  async #chain(index: number): Promise<number[]> {
    const chain: number[] = [];
    for (let at = index; at >= 0 && this.#sentAt[at] === 0; ) {
      chain.push(at);
      const entry = this.#entry(at);
      const header = await this.#objects.header(entry);
      at = isDelta(header) ? this.#baseIndex(entry, header) : -1;
    }
    return chain;
  }

  #entry(index: number): Entry {
    return { pack: this.#packs[index] as number, offset: this.#offsets[index] as number };
  }

  #baseOid(entry: Entry, header: EntryHeader): Oid {
    const { pack, offset } = this.#objects.baseOf(entry, header);
    return oidAt((this.#objects.packs[pack] as SourcePack).index, offset);
  }

  #baseIndex(entry: Entry, header: EntryHeader): number {
    return this.#selection.oids.indexOf(this.#baseOid(entry, header));
  }

  /** The entry of one object; its place is noted. */
  async *#parts(index: number): AsyncGenerator<Buffer> {
    const at = this.#at;
    const entry = this.#entry(index);
    const header = await this.#objects.header(entry);
    if (isDelta(header)) {
      const base = this.#baseOid(entry, header);
      const baseAt = this.#sentAt[this.#selection.oids.indexOf(base)] ?? 0;
      if (baseAt > 0 || (this.#options.thin && this.#selection.isEarlier(base))) {
        yield this.#deltaHeader(header.size, base, baseAt);
        yield* this.#payload(entry, header);
      } else yield* this.#remade(index, entry);
    } else if (!(this.#options.thin && this.#mayShrink(header.size) && this.#selection.had(index))) {
      yield encodeEntryHeader(header.kind, header.size);
      yield* this.#payload(entry, header);
    } else yield* this.#remade(index, entry);
    this.#sentAt[index] = at;
  }

  #mayShrink(size: number): boolean {
    return size >= MIN_DELTA_BYTES && size <= MAX_DELTA_BYTES;
  }

  #deltaHeader(size: number, base: Oid, baseAt: number): Buffer {
    if (baseAt > 0 && this.#options.ofsDelta) return encodeEntryHeader('ofs-delta', size, this.#at - baseAt);
    const front = encodeEntryHeader('blob', size);
    front[0] = ((front[0] as number) & 0x8f) | (REF_DELTA << 4);
    return Buffer.concat([front, Buffer.from(base, 'hex')]);
  }

  async *#payload(entry: Entry, header: EntryHeader): AsyncGenerator<Buffer> {
    const end = this.#objects.endOf(entry);
    for (let from = entry.offset + header.length; from < end; from += MAX_PART_BYTES)
      yield await this.#objects.read(entry.pack, from, Math.min(end, from + MAX_PART_BYTES));
  }

  /** An object that is not sent as it lies: as a delta against what the receiver has, or whole. */
  async *#remade(index: number, entry: Entry): AsyncGenerator<Buffer> {
    const { type, bytes } = await this.#objects.objectAt(entry);
    const had = this.#options.thin && this.#mayShrink(bytes.length) ? this.#selection.had(index) : undefined;
    const base = had === undefined ? undefined : await this.#objects.object(had);
    const fits = base !== undefined && base.type === type && base.bytes.length <= WHOLE_BYTES;
    const delta = fits ? createDelta(base.bytes, bytes) : undefined;
    if (had !== undefined && delta && delta.length < bytes.length / 2) {
      yield this.#deltaHeader(delta.length, had, 0);
      yield deflateDelta(delta);
      return;
    }
    yield encodeEntryHeader(type, bytes.length);
    yield deflateObject(type, bytes);
  }
}

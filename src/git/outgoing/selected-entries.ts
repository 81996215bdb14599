import { objectMissing } from '../errors.ts';
import { deflateDelta, deflateObject } from '../object/deflate.ts';
import type { Oid } from '../object/objects.ts';
import { createDelta, deltaFromEdits } from '../pack/delta.ts';
import {
  type DeltaEntryHeader,
  type EntryHeader,
  encodeEntryHeader,
  isDelta,
  PACK_HEADER_BYTES,
  readEntryHeader,
} from '../pack/pack-entry.ts';
import { idAt, sorted } from './pack-layout.ts';
import type { Entry, PackedObjects } from './packed-objects.ts';
import { differingPart } from './raw-tree.ts';
import type { Selection } from './selection.ts';
import type { SourcePack } from './source-pack.ts';

export interface EntryOptions {
  /** The receiver has what stood in the place of objects before: they may be sent as deltas against that. */
  thin: boolean;
  /** Deltas may name their bases by distance. */
  ofsDelta: boolean;
}

const OID_BYTES = 20;
const REF_DELTA = 7;
const CHUNK_BYTES = 256 << 10;
/** What is sent in fewer bytes is sent as it lies: to look for a delta takes longer than to send them. */
const MIN_SENT_BYTES = 512;
const MAX_DELTA_BYTES = 4 << 20;
/** Larger entries are read and sent in pieces. */
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
      const entry = objects.findBytes(oids.bytesAt(index));
      if (!entry) throw objectMissing(oids.at(index));
      this.#packs[index] = entry.pack;
      this.#offsets[index] = entry.offset;
    }
  }

  async *chunks(): AsyncGenerator<Buffer> {
    for (const index of this.#order()) {
      if (this.#sentAt[index] !== 0) continue;
      const read = this.#readEntry(index);
      const bytes = read instanceof Promise ? await read : read;
      if (bytes === undefined || !this.#copied(index, bytes)) yield* this.#remaining(index);
      if (this.#pendingBytes >= CHUNK_BYTES) yield this.#taken();
    }
    if (this.#pendingBytes > 0) yield this.#taken();
  }

  /** Undefined: it is too large to be read at once. */
  #readEntry(index: number): ReturnType<PackedObjects['read']> | undefined {
    const entry = this.#entry(index);
    const end = this.#objects.endOf(entry);
    return end - entry.offset > MAX_PART_BYTES
      ? undefined
      : this.#objects.read(entry.pack, entry.offset, end);
  }

  /** Sends an entry as it lies, if that may be. Nearly all may: nothing is waited for here. */
  #copied(index: number, bytes: Buffer): boolean {
    const header = readEntryHeader(bytes);
    const front = this.#frontOf(index, header, bytes.length);
    if (front === undefined) return false;
    this.#sentAt[index] = this.#at;
    this.#send(front);
    this.#send(bytes.subarray(header.length));
    return true;
  }

  #send(part: Buffer): void {
    this.#at += part.length;
    this.#pending.push(part);
    this.#pendingBytes += part.length;
  }

  #taken(): Buffer {
    const chunk = Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    return chunk;
  }

  /** By packs, and there by offsets. */
  *#order(): Generator<number> {
    const groups = this.#objects.packs.map((): number[] => []);
    for (const [index, pack] of this.#packs.entries()) groups[pack]?.push(index);
    for (const group of groups) {
      const places = sorted(group.length, at => this.#offsets[group[at] as number] as number);
      for (const place of places) yield group[place] as number;
    }
  }

  /** An object with the bases that have to be sent before it, and what does not lie as it is sent. */
  async *#remaining(index: number): AsyncGenerator<Buffer> {
    for (const link of (await this.#chain(index)).toReversed()) {
      const at = this.#at;
      for await (const part of this.#parts(link)) {
        this.#send(part);
        if (this.#pendingBytes >= CHUNK_BYTES) yield this.#taken();
      }
      this.#sentAt[link] = at;
    }
  }

  /** The last of the bases last. */
  async #chain(index: number): Promise<number[]> {
    const chain: number[] = [];
    for (let at = index; at >= 0 && this.#sentAt[at] === 0; ) {
      chain.push(at);
      const header = await this.#objects.header(this.#entry(at));
      at = isDelta(header) ? this.#base(at, header).index : -1;
    }
    return chain;
  }

  #entry(index: number): Entry {
    return { pack: this.#packs[index] as number, offset: this.#offsets[index] as number };
  }

  /** What an entry is made from: where its id stands, and its position among what is sent, -1 where it is not. */
  #base(index: number, header: DeltaEntryHeader): { ids: Buffer; start: number; index: number } {
    const { pack, offset } = this.#objects.baseOf(this.#entry(index), header);
    const source = (this.#objects.packs[pack] as SourcePack).index;
    const { ids } = source;
    const start = idAt(source, offset);
    return { ids, start, index: this.#selection.oids.indexOfBytes(ids, start) };
  }

  async *#parts(index: number): AsyncGenerator<Buffer> {
    const entry = this.#entry(index);
    const header = await this.#objects.header(entry);
    const front = this.#frontOf(index, header, this.#objects.endOf(entry) - entry.offset);
    if (front === undefined) yield* this.#remade(index, header);
    else {
      yield front;
      yield* this.#payload(entry, header);
    }
  }

  /** The header under which an entry of so many bytes can be sent as it lies. Undefined: it cannot, or may be sent in fewer. */
  #frontOf(index: number, header: EntryHeader, bytes: number): Buffer | undefined {
    const { thin } = this.#options;
    if (!isDelta(header)) {
      const mayShrink = thin && bytes >= MIN_SENT_BYTES && header.size <= MAX_DELTA_BYTES;
      if (mayShrink && this.#selection.had(index) !== undefined) return undefined;
      return encodeEntryHeader(header.kind, header.size);
    }
    const base = this.#base(index, header);
    const baseAt = this.#sentAt[base.index] ?? 0;
    if (baseAt > 0 && this.#options.ofsDelta)
      return encodeEntryHeader('ofs-delta', header.size, this.#at - baseAt);
    const oid = base.ids.toString('hex', base.start, base.start + OID_BYTES);
    return baseAt > 0 || (thin && this.#selection.isEarlier(oid))
      ? this.#namedDelta(header.size, oid)
      : undefined;
  }

  /** The header of a delta that names its base by id. */
  #namedDelta(size: number, base: Oid): Buffer {
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
  async *#remade(index: number, header: EntryHeader): AsyncGenerator<Buffer> {
    const entry = this.#entry(index);
    const { type, bytes } = await this.#objects.objectAt(entry);
    const mayShrink = this.#options.thin && bytes.length <= MAX_DELTA_BYTES;
    const had = mayShrink ? this.#selection.had(index) : undefined;
    const base = had === undefined ? undefined : await this.#objects.object(had);
    const fits = base !== undefined && base.type === type && base.bytes.length <= WHOLE_BYTES;
    const make = type === 'tree' ? treeDelta : createDelta;
    const delta = fits ? make(base.bytes, bytes) : undefined;
    if (had !== undefined && delta && delta.length < bytes.length / 2) {
      yield this.#namedDelta(delta.length, had);
      yield deflateDelta(delta);
      return;
    }
    yield encodeEntryHeader(type, bytes.length);
    if (isDelta(header)) yield deflateObject(type, bytes);
    else yield* this.#payload(entry, header);
  }
}

/** Of most trees one entry differs, which is found without looking for all that is alike. */
function treeDelta(base: Buffer, tree: Buffer): Buffer | undefined {
  const { start, beforeEnd, afterEnd } = differingPart(base, tree);
  if (afterEnd - start > MIN_SENT_BYTES) return createDelta(base, tree);
  return deltaFromEdits(
    base.length,
    [{ copy: [0, start] }, { insert: tree.subarray(start, afterEnd) }, { copy: [beforeEnd, base.length] }],
    tree.length,
  );
}

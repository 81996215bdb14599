import { packCorrupt } from '../git/errors.ts';
import type { Oid } from '../git/object/objects.ts';
import type { OidSet } from '../git/object/oid-set.ts';
import {
  type EntryHeader,
  encodeEntryHeader,
  MAX_ENTRY_HEADER_BYTES,
  PACK_HEADER_BYTES,
  readEntryHeader,
  TRAILER_BYTES,
} from '../git/pack/pack-entry.ts';
import type { PackIndex } from '../git/pack/pack-index.ts';

const WINDOW_BYTES = 1 << 20;

/** A pack whose entries are copied. */
export interface CopiedPack {
  index: PackIndex;
  /** Of the pack. */
  bytes: number;
  read(start: number, end: number): Promise<Buffer>;
}

/** Where objects lie in the pack that is made of others. */
export class NewOffsets {
  readonly #oids: OidSet;
  readonly #offsets: Float64Array;
  /** Where the next entry goes. */
  next = PACK_HEADER_BYTES;

  /** @param oids of all that will be copied */
  constructor(oids: OidSet) {
    this.#oids = oids;
    this.#offsets = new Float64Array(oids.size);
  }

  /** 0: it was not copied yet. */
  of(oid: Oid): number {
    return this.#offsets[this.#oids.indexOf(oid)] ?? 0;
  }

  /** Notes an object at the next place. */
  place(oid: Oid, bytes: number): void {
    this.#offsets[this.#oids.indexOf(oid)] = this.next;
    this.next += bytes;
  }
}

/**
 * The entries of a pack whose objects were not copied before, in the pack's order. A delta names where its base lies now: farther before
 * it, or in what another pack brought.
 * @throws KittiwakeError `pack_corrupt`
 */
export async function* copyEntries(pack: CopiedPack, offsets: NewOffsets): AsyncGenerator<Uint8Array> {
  const entries = [...pack.index.entries()].sort((a, b) => a.offset - b.offset);
  const byOffset = new Map(entries.map(({ offset, oid }) => [offset, oid]));
  const window = new Window(pack);
  for (const [at, { offset, oid }] of entries.entries()) {
    if (offsets.of(oid) !== 0) continue;
    const end = entries[at + 1]?.offset ?? pack.bytes - TRAILER_BYTES;
    const header = readEntryHeader(await window.read(offset, Math.min(end, offset + MAX_ENTRY_HEADER_BYTES)));
    const front = rewritten(header, offset, byOffset, offsets);
    offsets.place(oid, front.length + end - offset - header.length);
    yield front;
    for (let from = offset + header.length; from < end; from += WINDOW_BYTES)
      yield await window.read(from, Math.min(end, from + WINDOW_BYTES));
  }
}

function rewritten(
  header: EntryHeader,
  offset: number,
  byOffset: ReadonlyMap<number, Oid>,
  offsets: NewOffsets,
): Buffer {
  if (header.kind === 'ref-delta') throw packCorrupt(`the delta at byte ${offset} names its base by its id`);
  if (header.kind !== 'ofs-delta') return encodeEntryHeader(header.kind, header.size);
  const base = byOffset.get(offset - header.distance);
  const at = base === undefined ? 0 : offsets.of(base);
  if (at === 0) throw packCorrupt(`the delta at byte ${offset} has no base`);
  return encodeEntryHeader('ofs-delta', header.size, offsets.next - at);
}

/** Reads that go forward, a megabyte at once. */
class Window {
  readonly #pack: CopiedPack;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(pack: CopiedPack) {
    this.#pack = pack;
  }

  async read(start: number, end: number): Promise<Buffer> {
    if (start < this.#start || end > this.#start + this.#bytes.length) {
      const last = Math.min(this.#pack.bytes, Math.max(end, start + WINDOW_BYTES));
      this.#bytes = await this.#pack.read(start, last);
      this.#start = start;
    }
    return this.#bytes.subarray(start - this.#start, end - this.#start);
  }
}

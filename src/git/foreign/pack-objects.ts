import { Lru } from '../../core/lru.ts';
import { unpooled } from '../../core/unpooled.ts';
import { packCorrupt } from '../errors.ts';
import { applyDelta, readDeltaHeader } from '../pack/delta.ts';
import {
  DEFAULT_MAX_OBJECT_BYTES,
  inflateExactly,
  inflatePart,
  readEntryHeader,
} from '../pack/pack-entry.ts';
import type { PackFile } from './pack-file.ts';
import type { PackTable } from './pack-table.ts';

/** Of objects that were made lately. */
const CACHE_BYTES = 24 << 20;
/** Enough for the sizes that a delta begins with. */
const SIZE_WINDOW_BYTES = 128;
/** Of the deltas of one chain. */
const MAX_CHAIN_BYTES = 256 << 20;
/** What is made for one object, its bases included: nothing else runs meanwhile. */
const MAX_MADE_AT_ONCE = 2 ** 31;
/** What is made in all, for each byte of the pack and besides: deltas of some bytes can make hundreds of MiB each. */
const MAX_MADE_PER_BYTE = 20_000;
const MAX_MADE_BESIDES = 2 ** 32;

/** The objects of a pack by number, made of their deltas. */
export class PackObjects {
  readonly #file: PackFile;
  readonly #table: PackTable;
  readonly #maxBytes: number;
  readonly #cache = new Lru<number, Buffer>(CACHE_BYTES);
  readonly #maxMade: number;
  #made = 0;
  /** Kept whatever its size: mostly the next one builds on it. */
  #last: { number: number; bytes: Buffer } | undefined;

  constructor(file: PackFile, table: PackTable, maxObjectBytes = DEFAULT_MAX_OBJECT_BYTES) {
    this.#file = file;
    this.#table = table;
    this.#maxBytes = maxObjectBytes;
    this.#maxMade = MAX_MADE_BESIDES + MAX_MADE_PER_BYTE * file.size;
  }

  /** Bytes of the object, without making it. @throws KittiwakeError `pack_corrupt`, `delta_corrupt` */
  size(number: number): number {
    const [start, end] = [this.#table.offset(number), this.#table.end(number)];
    const front = this.#file.read(start, Math.min(end, start + SIZE_WINDOW_BYTES));
    const { size, length } = readEntryHeader(front);
    if (this.#table.base(number) < 0) return size;
    return readDeltaHeader(inflatePart(front.subarray(length))).targetLength;
  }

  /** The payload of an entry as it lies: an object or a delta. */
  payload(number: number): { size: number; deflated: Buffer } {
    const entry = this.#file.read(this.#table.offset(number), this.#table.end(number));
    const { size, length } = readEntryHeader(entry);
    return { size, deflated: entry.subarray(length) };
  }

  /** @throws KittiwakeError `pack_corrupt`, `delta_corrupt` */
  bytes(number: number): Buffer {
    const deltas: { number: number; delta: Buffer }[] = [];
    let held = 0;
    const mostAfter = Math.min(this.#maxMade, this.#made + MAX_MADE_AT_ONCE);
    for (let at = number; ; at = this.#table.base(at)) {
      const known = this.#known(at) ?? (this.#table.base(at) < 0 ? this.#inflated(at) : undefined);
      if (known !== undefined) {
        return deltas.reduceRight((base, { number, delta }) => {
          if (this.#made > mostAfter) throw packCorrupt('its deltas make too much of few bytes');
          const made = applyDelta(base, delta, { maxBytes: this.#maxBytes });
          this.#made += made.length;
          return this.#keep(number, made);
        }, known);
      }
      const { deflated, size } = this.payload(at);
      const delta = inflateExactly(deflated, size, this.#maxBytes);
      held += delta.length;
      if (held > Math.min(MAX_CHAIN_BYTES, 2 * this.#maxBytes))
        throw packCorrupt('a chain of deltas is too long');
      deltas.push({ number: at, delta });
    }
  }

  #known(number: number): Buffer | undefined {
    return this.#last?.number === number ? this.#last.bytes : this.#cache.get(number);
  }

  #inflated(number: number): Buffer {
    const { deflated, size } = this.payload(number);
    return this.#keep(number, inflateExactly(deflated, size, this.#maxBytes));
  }

  #keep(number: number, made: Buffer): Buffer {
    const bytes = unpooled(made);
    this.#last = { number, bytes };
    this.#cache.set(number, bytes, bytes.length + 200);
    return bytes;
  }
}

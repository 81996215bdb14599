import { mapUnsorted } from '../errors.ts';
import { ReusedBytes } from '../reused-bytes.ts';
import { sealBlockAside } from './map-block-seal.ts';
import type { BlockRef, MapSectionIndex, MapSectionName } from './map-index.ts';
import { packBlocks, sharedLength } from './map-index.ts';
import { ascends, blockLimits, blockSeed } from './map-section-writer.ts';

/** A block has at least this part of the size that is aimed at. */
const LEAST_PART = 0.75;

/** The size of blocks with which so many bytes make no more of them than a section may have. */
export function blockBytesFor(name: MapSectionName, totalBytes: number): number {
  const { targetBytes, maxBlocks } = blockLimits(name);
  return Math.max(targetBytes, Math.ceil(totalBytes / (maxBlocks - 1) / LEAST_PART));
}

/** A section of which one block is in memory: each is deflated and given away as soon as it is full. */
export class StreamedSection {
  readonly name: MapSectionName;
  readonly #targetBytes: number;
  readonly #emit: (block: Buffer) => void | Promise<void>;
  readonly #refs: BlockRef[] = [];
  readonly #table = new ReusedBytes();
  readonly #entries = new ReusedBytes();
  /** Two, as one block is deflated while the next one fills. */
  readonly #contents = [new ReusedBytes(), new ReusedBytes()] as const;
  /** Of the open block: entries, what separates it, and bytes that all of its keys have in common. */
  #inBlock = 0;
  #separator: Buffer = Buffer.alloc(0);
  #shared = 0;
  #lastKey: Buffer | undefined;
  #emitted: Promise<void> = Promise.resolve();
  #position = 0;
  #count = 0;
  #bytes = 0;

  constructor(name: MapSectionName, targetBytes: number, emit: (block: Buffer) => void | Promise<void>) {
    this.name = name;
    this.#targetBytes = targetBytes;
    this.#emit = emit;
  }

  /** Of the blocks that were emitted. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * `write` appends the value; the key stays as it is. What is returned is to be awaited before the next entry.
   * @throws KittiwakeError `map_unsorted` unless each key is greater than the one before
   */
  add(key: Buffer, write: (into: ReusedBytes) => void): Promise<void> | undefined {
    const last = this.#lastKey;
    const shared = last ? sharedLength(last, key) : -1;
    if (last && !ascends(last, key, shared)) throw mapUnsorted(this.name, this.#count);
    const waiting = this.#inBlock > 0 && this.#endsWell(shared) ? this.#close() : undefined;
    if (this.#inBlock === 0) {
      // The shortest start of the key that is greater than the last key.
      this.#separator = Buffer.from(key.subarray(0, shared + 1));
      this.#shared = Number.POSITIVE_INFINITY;
    } else this.#shared = Math.min(this.#shared, shared);
    const start = this.#entries.length;
    write(this.#entries.copy(key));
    this.#table.uint(key.length).uint(this.#entries.length - start - key.length);
    this.#lastKey = key;
    this.#inBlock += 1;
    this.#count += 1;
    return waiting;
  }

  /** As of `GrowingBlock`. */
  #endsWell(shared: number): boolean {
    const length = this.#entries.length + this.#table.length;
    const spare = this.#targetBytes / 4;
    return (
      length >= this.#targetBytes - spare && (shared <= this.#shared || length >= this.#targetBytes + spare)
    );
  }

  /** Resolves when the block before is given away. */
  #close(): Promise<void> {
    const content = this.#contents[(this.#position % 2) as 0 | 1];
    content.clear();
    content.copy(this.#table.written).copy(this.#entries.written);
    const [count, separator] = [this.#inBlock, this.#separator];
    this.#table.clear();
    this.#entries.clear();
    this.#inBlock = 0;
    const sealing = sealBlockAside(content.written, count, blockSeed(this.name, this.#position++));
    const before = this.#emitted;
    this.#emitted = Promise.all([sealing, before]).then(([block]) => {
      this.#refs.push({ bytes: block.length, separator });
      this.#bytes += block.length;
      return this.#emit(block);
    });
    this.#emitted.catch(() => {});
    return before;
  }

  async finish(): Promise<void> {
    if (this.#inBlock > 0) await this.#close();
    await this.#emitted;
  }

  /** Of a finished section; undefined without entries. `start` is where in the file it begins. */
  index(start: number): MapSectionIndex | undefined {
    return this.#count === 0 ? undefined : { start, count: this.#count, blocks: packBlocks(this.#refs) };
  }
}

import type { ByteWriter } from '../byte-codec.ts';
import { mapUnsorted } from '../errors.ts';
import { sealBlockAside } from './map-block-seal.ts';
import type { BlockRef, MapSectionIndex, MapSectionName } from './map-index.ts';
import { packBlocks, sharedLength } from './map-index.ts';
import { ascends, blockLimits, blockSeed, GrowingBlock } from './map-section-writer.ts';

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
  #open: GrowingBlock | undefined;
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
  add(key: Buffer, write: (writer: ByteWriter) => void): Promise<void> | undefined {
    const last = this.#lastKey;
    const shared = last ? sharedLength(last, key) : -1;
    if (last && !ascends(last, key, shared)) throw mapUnsorted(this.name, this.#count);
    const waiting = this.#open?.endsWell(shared, this.#targetBytes) ? this.#close(this.#open) : undefined;
    // The shortest start of the key that is greater than the last key.
    this.#open ??= new GrowingBlock(Buffer.from(key.subarray(0, shared + 1)), this.#targetBytes);
    this.#open.add(key, shared, write);
    this.#lastKey = key;
    this.#count += 1;
    return waiting;
  }

  /** Resolves when the block before is given away: so one is deflated while the next one fills. */
  #close(open: GrowingBlock): Promise<void> {
    const { count, separator, table, entries } = open.finish();
    this.#open = undefined;
    const sealing = sealBlockAside(
      Buffer.concat([table, entries]),
      count,
      blockSeed(this.name, this.#position++),
    );
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
    if (this.#open) await this.#close(this.#open);
    await this.#emitted;
  }

  /** Of a finished section; undefined without entries. `start` is where in the file it begins. */
  index(start: number): MapSectionIndex | undefined {
    return this.#count === 0 ? undefined : { start, count: this.#count, blocks: packBlocks(this.#refs) };
  }
}

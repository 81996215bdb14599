import { ByteWriter } from '../byte-codec.ts';
import { mapUnsorted } from '../errors.ts';
import { sealBlock } from './map-block-seal.ts';
import type { BlockRef, MapSectionIndex, MapSectionName } from './map-index.ts';
import { MAP_SECTIONS, packBlocks, sharedLength } from './map-index.ts';

export interface BlockLimits {
  /** Of the content of a block, before deflating; give or take a quarter, and a single entry may have more. */
  targetBytes: number;
  /** Of a section; blocks grow beyond `targetBytes` so that there are no more. */
  maxBlocks: number;
}

/**
 * Small blocks for rows, which every request reads. The index of every section is in the ledger and travels with every
 * write, so the others make do with fewer blocks.
 */
export function blockLimits(name: MapSectionName): BlockLimits {
  if (name === 'rows') return { targetBytes: 16 << 10, maxBlocks: 256 };
  return { targetBytes: 64 << 10, maxBlocks: 128 };
}

/** What the checksum of a block starts from: it tells the section and the position. */
export function blockSeed(section: MapSectionName, position: number): number {
  return ((MAP_SECTIONS.indexOf(section) + 1) << 16) + position;
}

interface OpenBlock {
  count: number;
  separator: Buffer;
  table: Buffer;
  entries: Buffer;
}

/** Collects sorted entries in blocks, and deflates them at the end, when their size is settled. */
export class MapSectionWriter {
  readonly name: MapSectionName;
  readonly #maxBlocks: number;
  #targetBytes: number;
  #blocks: OpenBlock[] = [];
  readonly #refs: BlockRef[] = [];
  #open: GrowingBlock | undefined;
  #lastKey: Buffer | undefined;
  #count = 0;

  constructor(name: MapSectionName, limits = blockLimits(name)) {
    this.name = name;
    this.#targetBytes = limits.targetBytes;
    this.#maxBlocks = limits.maxBlocks;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * `write` appends the value.
   * @throws KittiwakeError `map_unsorted` unless each key is greater than the one before
   */
  add(key: Buffer, write: (writer: ByteWriter) => void): void {
    const last = this.#lastKey;
    const shared = last ? sharedLength(last, key) : -1;
    if (last && !ascends(last, key, shared)) throw mapUnsorted(this.name, this.#count);
    if (this.#open?.endsWell(shared, this.#targetBytes)) this.#close();
    // The shortest start of the key that is greater than the last key.
    this.#open ??= new GrowingBlock(Buffer.from(key.subarray(0, shared + 1)), this.#targetBytes);
    this.#open.add(key, shared, write);
    this.#lastKey = key;
    this.#count += 1;
  }

  #close(): void {
    if (!this.#open) return;
    this.#blocks.push(this.#open.finish());
    this.#open = undefined;
    if (this.#blocks.length > this.#maxBlocks) this.#halve();
  }

  #halve(): void {
    this.#targetBytes *= 2;
    const halved: OpenBlock[] = [];
    for (let at = 0; at < this.#blocks.length; at += 2) halved.push(join(this.#blocks.slice(at, at + 2)));
    this.#blocks = halved;
  }

  /** The stored blocks in turn, after the last entry; each is let go. */
  *seal(): Generator<Buffer, void, undefined> {
    this.#close();
    for (const [position, { table, entries, count, separator }] of this.#blocks.entries()) {
      this.#blocks[position] = SEALED;
      const stored = sealBlock(Buffer.concat([table, entries]), count, blockSeed(this.name, position));
      this.#refs.push({ bytes: stored.length, separator });
      yield stored;
    }
  }

  /** The index of the sealed blocks; undefined without entries. `start` is where in the file they begin. */
  index(start: number): MapSectionIndex | undefined {
    return this.#count === 0 ? undefined : { start, count: this.#count, blocks: packBlocks(this.#refs) };
  }
}

const NONE = Buffer.alloc(0);
const SEALED: OpenBlock = { count: 0, separator: NONE, table: NONE, entries: NONE };

class GrowingBlock {
  readonly #separator: Buffer;
  readonly #table = new ByteWriter();
  readonly #entries: ByteWriter;
  #count = 0;
  /** Bytes that all keys have in common. */
  #shared = Number.POSITIVE_INFINITY;

  constructor(separator: Buffer, targetBytes: number) {
    this.#separator = separator;
    this.#entries = new ByteWriter(targetBytes + targetBytes / 2);
  }

  add(key: Buffer, shared: number, write: (writer: ByteWriter) => void): void {
    if (this.#count > 0) this.#shared = Math.min(this.#shared, shared);
    const start = this.#entries.length;
    this.#entries.raw(key);
    write(this.#entries);
    this.#table.uint(key.length).uint(this.#entries.length - start - key.length);
    this.#count += 1;
  }

  /**
   * True when the block should end before a key that has `shared` bytes in common with the last one: near the target, and
   * best where folders change, which makes a short separator; the largest of them at a quarter above.
   */
  endsWell(shared: number, targetBytes: number): boolean {
    const length = this.#entries.length + this.#table.length;
    const near = length >= targetBytes - targetBytes / 4;
    return near && (shared <= this.#shared || length >= targetBytes + targetBytes / 4);
  }

  finish(): OpenBlock {
    const [table, entries] = [Buffer.from(this.#table.finish()), Buffer.from(this.#entries.finish())];
    return { count: this.#count, separator: this.#separator, table, entries };
  }
}

/** True when `key` is above `last`, of which it shares so many bytes. */
export function ascends(last: Buffer, key: Buffer, shared: number): boolean {
  if (shared === key.length) return false;
  return shared === last.length || (last[shared] as number) < (key[shared] as number);
}

function join(blocks: readonly OpenBlock[]): OpenBlock {
  return {
    count: blocks.reduce((sum, block) => sum + block.count, 0),
    separator: blocks[0]?.separator ?? NONE,
    table: Buffer.concat(blocks.map(block => block.table)),
    entries: Buffer.concat(blocks.map(block => block.entries)),
  };
}

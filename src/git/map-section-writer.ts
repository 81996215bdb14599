import { ByteWriter } from './byte-codec.ts';
import { sealBlock } from './map-block.ts';
import { mapUnsorted } from './map-errors.ts';
import type { BlockRef, MapSectionIndex, MapSectionName } from './map-index.ts';
import { MAP_SECTIONS, packBlocks, sharedLength } from './map-index.ts';

export interface BlockLimits {
  /** Of the entries of a block, before deflating; a single entry may have more. */
  targetBytes: number;
  /** Of a section; blocks grow beyond `targetBytes` so that there are no more. */
  maxBlocks: number;
}

export const BLOCK_LIMITS: BlockLimits = { targetBytes: 16 << 10, maxBlocks: 256 };

interface OpenBlock {
  count: number;
  separator: Buffer;
  entries: Buffer;
}

/** What the checksum of a block starts from: it tells the section and the position. */
export function blockSeed(section: MapSectionName, position: number): number {
  return ((MAP_SECTIONS.indexOf(section) + 1) << 16) + position;
}

/** Collects sorted entries in blocks, and deflates them at the end, when their size is settled. */
export class MapSectionWriter {
  readonly name: MapSectionName;
  readonly #maxBlocks: number;
  #targetBytes: number;
  #blocks: OpenBlock[] = [];
  #open: { writer: ByteWriter; count: number; separator: Buffer } | undefined;
  #lastKey: Buffer | undefined;
  #count = 0;

  constructor(name: MapSectionName, limits: BlockLimits = BLOCK_LIMITS) {
    this.name = name;
    this.#targetBytes = limits.targetBytes;
    this.#maxBlocks = limits.maxBlocks;
  }

  /** @throws KittiwakeError `map_unsorted` unless each key is greater than the one before */
  add(key: Buffer, value: Buffer): void {
    const last = this.#lastKey;
    if (last && Buffer.compare(last, key) >= 0) throw mapUnsorted(this.name, last.toString(), key.toString());
    const open = this.#open ?? {
      writer: new ByteWriter(this.#targetBytes),
      count: 0,
      separator: separate(last, key),
    };
    this.#open = open;
    open.writer.bytes(key).bytes(value);
    open.count += 1;
    this.#lastKey = key;
    this.#count += 1;
    if (open.writer.length >= this.#targetBytes) this.#close();
  }

  #close(): void {
    if (!this.#open) return;
    const { writer, count, separator } = this.#open;
    this.#open = undefined;
    this.#blocks.push({ count, separator, entries: Buffer.from(writer.finish()) });
    if (this.#blocks.length > this.#maxBlocks) this.#halve();
  }

  #halve(): void {
    this.#targetBytes *= 2;
    const halved: OpenBlock[] = [];
    for (let at = 0; at < this.#blocks.length; at += 2) halved.push(join(this.#blocks.slice(at, at + 2)));
    this.#blocks = halved;
  }

  /** The stored blocks, and their index when there is any entry; `start` is where in the file they will be. */
  finish(start: number): { blocks: Buffer[]; index: MapSectionIndex | undefined } {
    this.#close();
    const refs: BlockRef[] = [];
    const blocks = this.#blocks.map(({ entries, count, separator }, position) => {
      const stored = sealBlock(entries, count, blockSeed(this.name, position));
      refs.push({ bytes: stored.length, separator });
      return stored;
    });
    this.#blocks = [];
    if (blocks.length === 0) return { blocks, index: undefined };
    return { blocks, index: { start, count: this.#count, blocks: packBlocks(refs) } };
  }
}

function join(blocks: readonly OpenBlock[]): OpenBlock {
  return {
    count: blocks.reduce((sum, block) => sum + block.count, 0),
    separator: blocks[0]?.separator ?? Buffer.alloc(0),
    entries: Buffer.concat(blocks.map(block => block.entries)),
  };
}

/** The shortest start of `key` that is greater than `last`. */
function separate(last: Buffer | undefined, key: Buffer): Buffer {
  return last === undefined ? Buffer.alloc(0) : Buffer.from(key.subarray(0, sharedLength(last, key) + 1));
}

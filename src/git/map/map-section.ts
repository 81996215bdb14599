import { mapCorrupt } from '../errors.ts';
import type { MaybePromise } from '../layer/layer.ts';
import { attempt, chain, gather } from '../layer/maybe-promise.ts';
import type { BlockCache, BlockSlot } from './block-cache.ts';
import { KeyTable } from './key-table.ts';
import type { Block } from './map-block.ts';
import { openBlock } from './map-block.ts';
import type { MapSectionIndex, MapSectionName } from './map-index.ts';
import { unpackBlocks } from './map-index.ts';
import { blockSeed } from './map-section-writer.ts';

/** The bytes of a map file from `start` up to `end` (exclusive). */
export type ReadMap = (start: number, end: number) => MaybePromise<Buffer>;

export interface MapSectionOptions {
  /** Names the map in errors. */
  map: string;
  name: MapSectionName;
  /** Absent: the section has no entries. */
  index: MapSectionIndex | undefined;
  read: ReadMap;
  /** Absent: no block is kept. */
  cache?: BlockCache | undefined;
}

/** Positions of entries in a block, the second exclusive. */
export interface BlockRange {
  block: Block;
  from: number;
  to: number;
}

/** Blocks that lie together are read at once, up to this many bytes. */
const MAX_READ_BYTES = 8 << 20;

interface Slot extends BlockSlot {
  start: number;
  end: number;
  loading: Promise<Block> | undefined;
}

interface Table {
  slots: Slot[];
  /** Of each block a key that is above all before and not above its first. */
  separators: KeyTable;
}

/** One section of a map: finds the blocks of a key or a range, and reads those that are not in memory. */
export class MapSection {
  readonly #options: MapSectionOptions;
  #parsed: Table | undefined;

  constructor(options: MapSectionOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#options.index?.count ?? 0;
  }

  get blockCount(): number {
    return this.#table().slots.length;
  }

  /** An error that names this section. */
  corrupt(reason: string, cause?: unknown) {
    return mapCorrupt(this.#options.map, this.#options.name, reason, cause);
  }

  #table(): Table {
    this.#parsed ??= this.#parse();
    return this.#parsed;
  }

  #parse(): Table {
    const { index } = this.#options;
    let start = index?.start ?? 0;
    try {
      const refs = unpackBlocks(index?.blocks ?? '');
      const slots = refs.map(({ bytes }): Slot => {
        const end = start + bytes;
        const slot = { start, end, block: undefined, used: false, loading: undefined };
        start = end;
        return slot;
      });
      return { slots, separators: KeyTable.of(refs.map(ref => ref.separator)) };
    } catch (error) {
      throw this.corrupt('an unreadable index', error);
    }
  }

  /** The block that holds `key` (its first `length` bytes) if any does; -1 when there is no block. */
  blockOf(key: Uint8Array, length = key.length): number {
    const { separators } = this.#table();
    const at = separators.lowerBound(key, length);
    return at < separators.count && separators.equals(at, key, length) ? at : at - 1;
  }

  block(position: number): MaybePromise<Block> {
    const slot = this.#table().slots[position] as Slot;
    if (slot.block) {
      slot.used = true;
      return slot.block;
    }
    return slot.loading ?? chain(this.blocks(position, position + 1), ([block]) => block as Block);
  }

  /**
   * Blocks from `from` up to `to` (exclusive). Missing ones are read together where they lie together; with `keep` false
   * they do not drive others out of the cache.
   * @throws KittiwakeError `map_corrupt`
   */
  blocks(from: number, to: number, keep = true): MaybePromise<Block[]> {
    const slots = this.#table().slots.slice(Math.max(0, from), to);
    const found = new Array<MaybePromise<Block>>(slots.length);
    for (let at = 0; at < slots.length; ) {
      const slot = slots[at] as Slot;
      const known = slot.block ?? slot.loading;
      if (known) {
        slot.used = true;
        found[at++] = known;
        continue;
      }
      const run = takeRun(slots, at);
      for (const block of this.#load(run, Math.max(0, from) + at, keep)) found[at++] = block;
    }
    return gather(found);
  }

  #load(run: readonly Slot[], position: number, keep: boolean): MaybePromise<Block>[] {
    const start = (run[0] as Slot).start;
    const end = (run.at(-1) as Slot).end;
    const read = attempt(() => this.#options.read(start, end));
    return run.map((slot, at) => {
      const open = (bytes: Buffer): Block => {
        const block = this.#open(bytes.subarray(slot.start - start, slot.end - start), slot, position + at);
        if (keep) this.#keep(slot, block);
        return block;
      };
      if (!(read instanceof Promise)) return attempt(() => open(read));
      const loading = read.then(open).finally(() => {
        if (slot.loading === loading) slot.loading = undefined;
      });
      slot.loading = loading;
      return loading;
    });
  }

  #open(stored: Buffer, slot: Slot, position: number): Block {
    const wanted = slot.end - slot.start;
    if (stored.length !== wanted) {
      throw this.corrupt(`${stored.length} bytes of block ${position}, wanted ${wanted}`);
    }
    try {
      return openBlock(stored, blockSeed(this.#options.name, position));
    } catch (error) {
      throw this.corrupt(`${error instanceof Error ? error.message : 'garbage'} in block ${position}`, error);
    }
  }

  /** All blocks in turn, from the whole file in memory. */
  *scan(file: Buffer): Generator<Block> {
    let position = 0;
    for (const slot of this.#table().slots)
      yield this.#open(file.subarray(slot.start, slot.end), slot, position++);
  }

  /** Bytes of the blocks that {@link range} would read if none were in memory. */
  rangeBytes(low: Uint8Array, high: Uint8Array): number {
    const { slots } = this.#table();
    const last = slots[this.blockOf(high)];
    return last ? last.end - (slots[Math.max(0, this.blockOf(low))] as Slot).start : 0;
  }

  #keep(slot: Slot, block: Block): void {
    const { cache } = this.#options;
    if (!cache) return;
    slot.block = block;
    cache.admit(slot);
  }

  /** The block and position of the entry with `key`, if there is one. */
  find(key: Uint8Array): MaybePromise<{ block: Block; at: number } | undefined> {
    const position = this.blockOf(key);
    if (position < 0) return undefined;
    return chain(this.block(position), block => {
      const at = block.find(key);
      return at < 0 ? undefined : { block, at };
    });
  }

  /** The entries with keys from `low` up to `high` (exclusive), block by block. */
  range(low: Uint8Array, high: Uint8Array): MaybePromise<BlockRange[]> {
    const [first, last] = [this.blockOf(low), this.blockOf(high)];
    if (last < 0) return [];
    return chain(this.blocks(first, last + 1), blocks => {
      const ranges: BlockRange[] = [];
      for (const block of blocks) {
        const [from, to] = [block.lowerBound(low), block.lowerBound(high)];
        if (from < to) ranges.push({ block, from, to });
      }
      return ranges;
    });
  }
}

/** The slots from `at` on that have to be read, as far as one read goes. */
function takeRun(slots: readonly Slot[], at: number): Slot[] {
  const start = (slots[at] as Slot).start;
  let end = at + 1;
  for (; end < slots.length; end += 1) {
    const slot = slots[end] as Slot;
    if (slot.block || slot.loading || slot.end - start > MAX_READ_BYTES) break;
  }
  return slots.slice(at, end);
}

import type { Block } from './map-block.ts';

/** A place for one decoded block, owned by a section; the cache empties it. */
export interface BlockSlot {
  block: Block | undefined;
  /** Set on each use; it spares the block once. */
  used: boolean;
}

/**
 * Bounds the decoded blocks of all maps together. Second chance: the oldest goes unless it was used since it was last
 * looked at, so that a hit costs its owner one assignment and the cache nothing.
 */
export class BlockCache {
  readonly #maxBytes: number;
  readonly #slots = new Map<BlockSlot, number>();
  #bytes = 0;

  constructor(maxBytes = 64 << 20) {
    this.#maxBytes = maxBytes;
  }

  /** Approximate bytes of the blocks that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a filled slot until its room is needed; a block larger than the cache is not kept. */
  admit(slot: BlockSlot): void {
    if (!slot.block || this.#slots.has(slot)) return;
    const { weight } = slot.block;
    this.#slots.set(slot, weight);
    this.#bytes += weight;
    for (const [oldest, freed] of this.#slots) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#slots.delete(oldest);
      if (oldest.used) {
        oldest.used = false;
        this.#slots.set(oldest, freed);
      } else {
        oldest.block = undefined;
        this.#bytes -= freed;
      }
    }
  }
}

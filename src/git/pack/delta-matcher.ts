import type { DeltaWriter } from './delta-writer.ts';

/** Bytes of the base under one hash; shorter matches are not looked for. */
const BLOCK = 16;
const FACTOR = 0x01000193;
const OUTGOING = power(FACTOR, BLOCK);
/** Blocks of one hash that are tried; more only costs time on repetitive content. */
const MAX_TRIES = 24;
const GOOD_MATCH = 4096;

/**
 * Writes `target` as copies from `base` and inserts: the blocks of the base are found by hash, a rolling hash slides over
 * the target, and matches grow in both directions.
 * @returns false when it gave up, because the delta has become larger than the target
 */
export function findMatches(base: Buffer, target: Buffer, writer: DeltaWriter): boolean {
  const index = new BlockIndex(base);
  let [at, pending] = [0, 0];
  let hash = rollingStart(target, 0);
  while (at + BLOCK <= target.length) {
    const match = index.has(hash) ? index.longest(hash, target, at, pending) : undefined;
    if (match && match.length > 0) {
      writer.insert(target.subarray(pending, match.targetStart));
      writer.copy(match.baseStart, match.baseStart + match.length);
      at = pending = match.targetStart + match.length;
      if (writer.length > target.length) return false;
      hash = rollingStart(target, at);
      continue;
    }
    hash =
      (Math.imul(hash, FACTOR) + (target[at + BLOCK] ?? 0) - Math.imul(target[at] as number, OUTGOING)) | 0;
    at += 1;
  }
  writer.insert(target.subarray(pending));
  return true;
}

function rollingStart(bytes: Buffer, start: number): number {
  let hash = 0;
  for (let i = start; i < start + BLOCK; i += 1) hash = (Math.imul(hash, FACTOR) + (bytes[i] ?? 0)) | 0;
  return hash;
}

function power(factor: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i += 1) result = Math.imul(result, factor);
  return result;
}

interface Match {
  baseStart: number;
  targetStart: number;
  /** 0: none. */
  length: number;
}

class BlockIndex {
  readonly #base: Buffer;
  readonly #shift: number;
  /** By hash: the newest block plus one, 0 when there is none. */
  readonly #heads: Int32Array;
  /** By block: the next of the same hash plus one. */
  readonly #nexts: Int32Array;
  readonly #hashes: Int32Array;

  constructor(base: Buffer) {
    const blocks = Math.floor(base.length / BLOCK);
    const bits = Math.min(Math.max(32 - Math.clz32(blocks), 4), 20);
    this.#base = base;
    this.#shift = 32 - bits;
    this.#heads = new Int32Array(1 << bits);
    this.#nexts = new Int32Array(blocks);
    this.#hashes = new Int32Array(blocks);
    // Backwards, so that of equal blocks the first in the base is found first.
    for (let block = blocks - 1; block >= 0; block -= 1) {
      const hash = rollingStart(base, block * BLOCK);
      const bucket = this.#bucket(hash);
      this.#hashes[block] = hash;
      this.#nexts[block] = this.#heads[bucket] as number;
      this.#heads[bucket] = block + 1;
    }
  }

  #bucket(hash: number): number {
    return Math.imul(hash, 0x9e3779b1) >>> this.#shift;
  }

  /** Whether a block may have this hash. */
  has(hash: number): boolean {
    return this.#heads[this.#bucket(hash)] !== 0;
  }

  /** The longest match through the block of target bytes at `at`; it may begin earlier, down to `floor`. */
  longest(hash: number, target: Buffer, at: number, floor: number): Match {
    const best: Match = { baseStart: 0, targetStart: at, length: 0 };
    let tries = MAX_TRIES;
    for (
      let next = this.#heads[this.#bucket(hash)] as number;
      next > 0 && tries > 0;
      next = this.#nexts[next - 1] as number
    ) {
      tries -= 1;
      if (this.#hashes[next - 1] === hash) this.#extend((next - 1) * BLOCK, target, at, floor, best);
      if (best.length >= GOOD_MATCH) break;
    }
    return best;
  }

  #extend(block: number, target: Buffer, at: number, floor: number, best: Match): void {
    const base = this.#base;
    let [end, targetEnd] = [block, at];
    while (end < base.length && targetEnd < target.length && base[end] === target[targetEnd]) {
      end += 1;
      targetEnd += 1;
    }
    if (end - block < BLOCK) return;
    let [start, targetStart] = [block, at];
    while (start > 0 && targetStart > floor && base[start - 1] === target[targetStart - 1]) {
      start -= 1;
      targetStart -= 1;
    }
    if (end - start <= best.length) return;
    best.baseStart = start;
    best.targetStart = targetStart;
    best.length = end - start;
  }
}

const WORDS = 4;

/**
 * A set of the first 128 bits of SHA-256 hashes, at 16 bytes for each place of a table that is at most three quarters full. That two
 * different texts are taken for one is less likely than a broken machine: among 10 million, one in 10^24.
 */
export class HashSet {
  #table = new Uint32Array(1024 * WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns false: it was in the set */
  add(hash: Buffer): boolean {
    if (this.#size * 4 >= (this.#table.length / WORDS) * 3) this.#grow();
    // All zeros mark a free place.
    const words = [0, 4, 8, 12].map(offset => hash.readUInt32LE(offset));
    words[0] = ((words[0] as number) | 1) >>> 0;
    if (!insert(this.#table, words, 0)) return false;
    this.#size += 1;
    return true;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#table.length * 2);
    for (let at = 0; at < this.#table.length; at += WORDS) {
      if (this.#table[at] !== 0) insert(larger, this.#table, at);
    }
    this.#table = larger;
  }
}

/** Open addressing: the place is told by the second word, the next free one is taken. */
function insert(table: Uint32Array, words: ArrayLike<number>, from: number): boolean {
  const mask = table.length / WORDS - 1;
  for (let place = (words[from + 1] as number) & mask; ; place = (place + 1) & mask) {
    const at = place * WORDS;
    if (table[at] === 0) {
      for (let word = 0; word < WORDS; word += 1) table[at + word] = words[from + word] as number;
      return true;
    }
    if (isSame(table, at, words, from)) return false;
  }
}

function isSame(table: Uint32Array, at: number, words: ArrayLike<number>, from: number): boolean {
  for (let word = 0; word < WORDS; word += 1) if (table[at + word] !== words[from + word]) return false;
  return true;
}

/** Sorted keys in one buffer, found by binary search in place. */
export class KeyTable {
  readonly bytes: Buffer;
  /** For each entry where its key begins and ends; what lies behind the end is the owner's. */
  readonly starts: Uint32Array;
  readonly count: number;

  constructor(bytes: Buffer, starts: Uint32Array, count: number) {
    this.bytes = bytes;
    this.starts = starts;
    this.count = count;
  }

  /** A table of nothing but keys. */
  static of(keys: readonly Buffer[]): KeyTable {
    const starts = new Uint32Array(keys.length * 2);
    let position = 0;
    for (const [at, key] of keys.entries()) {
      starts[at * 2] = position;
      position += key.length;
      starts[at * 2 + 1] = position;
    }
    return new KeyTable(Buffer.concat(keys), starts, keys.length);
  }

  key(at: number): Buffer {
    return this.bytes.subarray(this.starts[at * 2], this.starts[at * 2 + 1]);
  }

  /**
   * Position of the first key that is not below the first `length` bytes of `key`. The search remembers how many bytes the
   * keys around it share with `key`: those between share as many, which need no second look.
   */
  lowerBound(key: Uint8Array, length: number): number {
    const { bytes, starts } = this;
    let low = 0;
    let high = this.count;
    let lowShared = 0;
    let highShared = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = starts[middle * 2] as number;
      const own = (starts[middle * 2 + 1] as number) - start;
      const end = Math.min(own, length);
      let shared = Math.min(lowShared, highShared);
      while (shared < end && bytes[start + shared] === key[shared]) shared += 1;
      const below = shared < end ? (bytes[start + shared] as number) < (key[shared] as number) : own < length;
      if (below) {
        low = middle + 1;
        lowShared = shared;
      } else {
        high = middle;
        highShared = shared;
      }
    }
    return low;
  }

  /** True when the key at `at` is the first `length` bytes of `key`. */
  equals(at: number, key: Uint8Array, length: number): boolean {
    const start = this.starts[at * 2] as number;
    if ((this.starts[at * 2 + 1] as number) - start !== length) return false;
    for (let index = 0; index < length; index += 1) {
      if (this.bytes[start + index] !== key[index]) return false;
    }
    return true;
  }
}

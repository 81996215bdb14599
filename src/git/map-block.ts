import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-codec.ts';

/**
 * A block as stored: u8 flag (0 plain, 1 deflated), u32 number of entries, u32 length of the content, the content, u32
 * CRC-32 of all of that. The checksum starts from a seed that tells section and position, so that a block is not taken
 * for another one. Numbers are big-endian. The content is a table, for each entry the lengths of its key and its value;
 * then the entries, each key with its value behind it.
 */
const HEADER_BYTES = 9;
const PLAIN = 0;
const DEFLATED = 1;
/** Deflating must save one byte in this many. */
const LEAST_GAIN = 12;
/** Half of most entries is ids, which do not deflate: the best level saves 4 % and takes thrice the time. */
const LEVEL = 1;

export function sealBlock(content: Buffer, count: number, seed: number): Buffer {
  const deflated = deflateRawSync(content, { level: LEVEL });
  const gains = deflated.length < content.length - content.length / LEAST_GAIN;
  const payload = gains ? deflated : content;
  const stored = Buffer.allocUnsafe(HEADER_BYTES + payload.length + 4);
  stored[0] = gains ? DEFLATED : PLAIN;
  stored.writeUInt32BE(count, 1);
  stored.writeUInt32BE(content.length, 5);
  payload.copy(stored, HEADER_BYTES);
  const end = HEADER_BYTES + payload.length;
  stored.writeUInt32BE(crc32(stored.subarray(0, end), seed), end);
  return stored;
}

/** @throws Error saying what is wrong with the block */
export function openBlock(stored: Buffer, seed: number): Block {
  const end = stored.length - 4;
  if (end < HEADER_BYTES) throw new Error(`a block of ${stored.length} bytes`);
  if (crc32(stored.subarray(0, end), seed) !== stored.readUInt32BE(end)) throw new Error('a wrong checksum');
  const length = stored.readUInt32BE(5);
  const payload = stored.subarray(HEADER_BYTES, end);
  const content = stored[0] === DEFLATED ? inflate(payload, length) : Buffer.from(payload);
  if (content.length !== length) throw new Error(`${content.length} bytes of content, wanted ${length}`);
  return new Block(content, stored.readUInt32BE(1));
}

function inflate(payload: Buffer, length: number): Buffer {
  return inflateRawSync(payload, { chunkSize: Math.max(64, length), maxOutputLength: Math.max(1, length) });
}

/** Sorted entries, found by binary search in place; values are decoded by who asks for them. */
export class Block {
  readonly #bytes: Buffer;
  /** For each entry where its key and its value begin; at last where the entries end. */
  readonly #starts: Uint32Array;
  readonly count: number;

  constructor(content: Buffer, count: number) {
    const starts = new Uint32Array(count * 2 + 1);
    const table = new ByteReader(content);
    let position = 0;
    for (let at = 0; at < count * 2; at += 1) {
      starts[at] = position;
      position += table.uint();
    }
    starts[count * 2] = position;
    this.#bytes = content.subarray(table.position);
    if (this.#bytes.length !== position)
      throw new Error(`${this.#bytes.length} bytes of entries, wanted ${position}`);
    this.#starts = starts;
    this.count = count;
  }

  /** Approximate bytes in memory. */
  get weight(): number {
    return this.#bytes.length + this.#starts.byteLength + 200;
  }

  key(at: number): Buffer {
    return this.#bytes.subarray(this.#starts[at * 2], this.#starts[at * 2 + 1]);
  }

  /** The key as text, without `skip` bytes at its start and `cut` at its end. */
  keyText(at: number, skip = 0, cut = 0): string {
    const [start, end] = [this.#starts[at * 2] as number, this.#starts[at * 2 + 1] as number];
    return this.#bytes.toString('utf8', start + skip, end - cut);
  }

  value(at: number): ByteReader {
    return new ByteReader(this.#bytes, this.#starts[at * 2 + 1], this.#starts[at * 2 + 2]);
  }

  /** Position of the first entry whose key is not below the first `length` bytes of `key`. */
  lowerBound(key: Uint8Array, length = key.length): number {
    let [low, high] = [0, this.count];
    // Keys between two that begin like `key` begin like it too.
    let [lowShared, highShared] = [0, 0];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const shared = this.#shared(middle, key, length, Math.min(lowShared, highShared));
      if (this.#below(middle, key, length, shared)) {
        low = middle + 1;
        lowShared = shared;
      } else {
        high = middle;
        highShared = shared;
      }
    }
    return low;
  }

  /** Position of the entry with the first `length` bytes of `key` as its key, or -1. */
  find(key: Uint8Array, length = key.length): number {
    const at = this.lowerBound(key, length);
    if (at === this.count || this.#keyLength(at) !== length) return -1;
    return this.#shared(at, key, length, 0) === length ? at : -1;
  }

  #keyLength(at: number): number {
    return (this.#starts[at * 2 + 1] as number) - (this.#starts[at * 2] as number);
  }

  /** How many bytes of `key` the key at `at` begins with; `known` of them need no look. */
  #shared(at: number, key: Uint8Array, length: number, known: number): number {
    const bytes = this.#bytes;
    const start = this.#starts[at * 2] as number;
    const end = Math.min(this.#keyLength(at), length);
    let shared = known;
    while (shared < end && bytes[start + shared] === key[shared]) shared += 1;
    return shared;
  }

  #below(at: number, key: Uint8Array, length: number, shared: number): boolean {
    if (shared === length) return false;
    if (shared === this.#keyLength(at)) return true;
    return (this.#bytes[(this.#starts[at * 2] as number) + shared] as number) < (key[shared] as number);
  }
}

import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-codec.ts';

/**
 * A block as stored: u8 flag (0 plain, 1 deflated), u32 number of entries, u32 length of the entries, the entries, u32
 * CRC-32 of all of that. The checksum starts from a seed that tells section and position, so that a block is not taken
 * for another one. Numbers are big-endian. An entry is its key and its value, each after its length.
 */
const HEADER_BYTES = 9;
const PLAIN = 0;
const DEFLATED = 1;
/** Deflating must save one byte in this many. */
const LEAST_GAIN = 12;

/** Entries as {@link Block} reads them. */
export function sealBlock(entries: Buffer, count: number, seed: number): Buffer {
  const deflated = deflateRawSync(entries, { level: 6 });
  const gains = deflated.length < entries.length - entries.length / LEAST_GAIN;
  const payload = gains ? deflated : entries;
  const stored = Buffer.allocUnsafe(HEADER_BYTES + payload.length + 4);
  stored[0] = gains ? DEFLATED : PLAIN;
  stored.writeUInt32BE(count, 1);
  stored.writeUInt32BE(entries.length, 5);
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
  const entries = stored[0] === DEFLATED ? inflate(payload, length) : Buffer.from(payload);
  if (entries.length !== length) throw new Error(`${entries.length} bytes of entries, wanted ${length}`);
  return new Block(entries, stored.readUInt32BE(1));
}

function inflate(payload: Buffer, length: number): Buffer {
  return inflateRawSync(payload, { chunkSize: Math.max(64, length), maxOutputLength: Math.max(1, length) });
}

/** Sorted entries, found by binary search in place; values are decoded by who asks for them. */
export class Block {
  readonly #bytes: Buffer;
  /** For each entry where its key begins and ends. */
  readonly #keys: Uint32Array;
  readonly count: number;

  constructor(entries: Buffer, count: number) {
    this.#bytes = entries;
    this.#keys = new Uint32Array(count * 2);
    this.count = count;
    let position = 0;
    const uint = (): number => {
      let value = 0;
      for (let scale = 1; ; scale *= 0x80) {
        const byte = entries[position++] as number;
        value += (byte & 0x7f) * scale;
        if (!(byte >= 0x80)) return value;
      }
    };
    for (let at = 0; at < count; at += 1) {
      const keyLength = uint();
      this.#keys[at * 2] = position;
      position += keyLength;
      this.#keys[at * 2 + 1] = position;
      const valueLength = uint();
      position += valueLength;
    }
    if (position !== entries.length)
      throw new Error(`${entries.length} bytes of entries, wanted ${position}`);
  }

  /** Approximate bytes in memory. */
  get weight(): number {
    return this.#bytes.length + this.#keys.length * 4 + 200;
  }

  key(at: number): Buffer {
    return this.#bytes.subarray(this.#keys[at * 2], this.#keys[at * 2 + 1]);
  }

  /** The key's bytes from `from` on as text. */
  keyText(at: number, from: number, cut = 0): string {
    return this.#bytes.toString(
      'utf8',
      (this.#keys[at * 2] ?? 0) + from,
      (this.#keys[at * 2 + 1] ?? 0) - cut,
    );
  }

  value(at: number): ByteReader {
    const reader = new ByteReader(this.#bytes, this.#keys[at * 2 + 1]);
    reader.uint();
    return reader;
  }

  valueBytes(at: number): Buffer {
    return new ByteReader(this.#bytes, this.#keys[at * 2 + 1]).bytes();
  }

  /** Position of the first entry whose key is not below the first `length` bytes of `key`. */
  lowerBound(key: Uint8Array, length = key.length): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, key, length) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Position of the entry with the first `length` bytes of `key` as its key, or -1. */
  find(key: Uint8Array, length = key.length): number {
    const at = this.lowerBound(key, length);
    return at < this.count && this.#compare(at, key, length) === 0 ? at : -1;
  }

  #compare(at: number, key: Uint8Array, length: number): number {
    const bytes = this.#bytes;
    const start = this.#keys[at * 2] as number;
    const own = (this.#keys[at * 2 + 1] as number) - start;
    const end = Math.min(own, length);
    for (let index = 0; index < end; index += 1) {
      const difference = (bytes[start + index] as number) - (key[index] as number);
      if (difference !== 0) return difference;
    }
    return own - length;
  }
}

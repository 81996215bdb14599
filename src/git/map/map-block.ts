import { crc32, inflateRawSync } from 'node:zlib';
import { ByteReader } from '../byte-codec.ts';
import { KeyTable } from './key-table.ts';

/**
 * A block as stored: u8 flag (0 plain, 1 deflated), u32 number of entries, u32 length of the content, the content, u32
 * CRC-32 of all of that. The checksum starts from a seed that tells section and position, so that a block is not taken
 * for another one. Numbers are big-endian. The content is a table, for each entry the lengths of its key and its value;
 * then the entries, each key with its value behind it.
 */
export const HEADER_BYTES = 9;
export const DEFLATED = 1;
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

/** Sorted entries; values are decoded by who asks for them. */
export class Block {
  readonly #keys: KeyTable;
  readonly count: number;

  constructor(content: Buffer, count: number) {
    // For each entry where its key and its value begin; at last where the entries end.
    const starts = new Uint32Array(count * 2 + 1);
    const table = new ByteReader(content);
    let position = 0;
    for (let at = 0; at < count * 2; at += 1) {
      starts[at] = position;
      position += table.uint();
    }
    starts[count * 2] = position;
    const entries = content.subarray(table.position);
    if (entries.length !== position)
      throw new Error(`${entries.length} bytes of entries, wanted ${position}`);
    this.#keys = new KeyTable(entries, starts, count);
    this.count = count;
  }

  /** Approximate bytes in memory. */
  get weight(): number {
    return this.#keys.bytes.length + this.#keys.starts.byteLength + 300;
  }

  key(at: number): Buffer {
    return this.#keys.key(at);
  }

  /** The key as text, without `skip` bytes at its start and `cut` at its end. */
  keyText(at: number, skip = 0, cut = 0): string {
    const { bytes, starts } = this.#keys;
    return bytes.toString('utf8', (starts[at * 2] as number) + skip, (starts[at * 2 + 1] as number) - cut);
  }

  value(at: number): ByteReader {
    const { bytes, starts } = this.#keys;
    return new ByteReader(bytes, starts[at * 2 + 1], starts[at * 2 + 2]);
  }

  /** Position of the first entry whose key is not below the first `length` bytes of `key`. */
  lowerBound(key: Uint8Array, length = key.length): number {
    return this.#keys.lowerBound(key, length);
  }

  /** Position of the entry with the first `length` bytes of `key` as its key, or -1. */
  find(key: Uint8Array, length = key.length): number {
    const at = this.#keys.lowerBound(key, length);
    return at < this.count && this.#keys.equals(at, key, length) ? at : -1;
  }
}

import { BitWriter, putBlockHeader } from './block-header.ts';
import {
  DISTANCE_EXTRA,
  DISTANCE_STARTS,
  DISTANCE_SYMBOLS,
  END_OF_BLOCK,
  FIRST_LENGTH,
  LENGTH_EXTRA,
  LENGTH_STARTS,
  LENGTH_SYMBOLS,
  LITERAL_SYMBOLS,
  MAX_MATCH,
} from './deflate-symbols.ts';
import { type PrefixCodes, prefixCodes } from './huffman.ts';

/** Of the codes of a stream and all else that is not its data, at most. */
export const SHARED_HEADER_BYTES = 400;

const ZLIB_HEADER = 0x0178;
const MIN_MATCH = 4;
const HASH_BITS = 12;
/** So that a code and its extra bits fit beside the bits that wait. */
const MAX_CODE = 12;
/** How many contents share codes. At first few: little is known of what comes. */
const FIRST_SHARED = 8;
const MOST_SHARED = 1_024;
/** One content of so many is counted. */
const COUNTED = 8;

/**
 * Deflate for contents of at most 8 KiB that are like those before them. zlib takes 10 microseconds to set up a stream, and 16 for
 * a page of 1 kB without that, much of it for codes of its own. Here hundreds of contents share codes, which are made from those
 * before: 7 microseconds, and streams that are 8 % longer.
 */
export class SharedDeflate {
  readonly #literalCounts = new Uint32Array(LITERAL_SYMBOLS);
  readonly #distanceCounts = new Uint32Array(DISTANCE_STARTS.length);
  /** By symbol: its code, and from bit 16 on the number of its bits. */
  readonly #literals = new Uint32Array(LITERAL_SYMBOLS);
  readonly #distances = new Uint32Array(DISTANCE_STARTS.length);
  /** Where each hash was last seen, counted over all contents: what lies before the start of one is of earlier ones. */
  readonly #seen = new Int32Array(1 << HASH_BITS);
  #seenBytes = 1;
  /** Begins each stream, with the bits that follow it. */
  #header = new Uint8Array();
  #headerRest = { bits: 0, count: 0 };
  #left = 0;
  #shared = FIRST_SHARED;

  /** Writes the zlib stream of `bytes` into `out` at `at`, and answers where it ends. */
  into(bytes: Uint8Array, out: Uint8Array, at: number): number {
    if (this.#left === 0) this.#renew(bytes, out, at);
    this.#left -= 1;
    const end = this.#compress(bytes, out, at, this.#left % COUNTED === 0);
    return writeAdler(bytes, out, end < at + bytes.length + 7 ? end : store(bytes, out, at));
  }

  /** Makes codes from what has been counted; the first ones from the first content. */
  #renew(bytes: Uint8Array, out: Uint8Array, at: number): void {
    if (this.#header.length === 0) this.#compress(bytes, out, at, true);
    const literals = prefixCodes(this.#literalCounts.map(plusOne), MAX_CODE);
    const distances = prefixCodes(this.#distanceCounts.map(plusOne), MAX_CODE);
    const writer = new BitWriter();
    writer.put(ZLIB_HEADER, 16);
    putBlockHeader(writer, literals, distances);
    this.#header = Uint8Array.from(writer.bytes);
    this.#headerRest = writer.rest;
    setCodes(this.#literals, literals);
    setCodes(this.#distances, distances);
    halve(this.#literalCounts);
    halve(this.#distanceCounts);
    this.#left = this.#shared;
    this.#shared = Math.min(MOST_SHARED, this.#shared * 2);
  }

  /**
   * All but the checksum. One loop over arrays, as calls within it would take half the time again. Repetitions are looked for at every
   * second byte that is no part of one, which finds most of them in two thirds of the time. At most 7 bits wait where something is
   * written, and nothing has more than 24: two literals, or a code with its extra bits.
   */
  #compress(bytes: Uint8Array, out: Uint8Array, start: number, isCounted: boolean): number {
    const [literals, distances, seen] = [this.#literals, this.#distances, this.#seen];
    const [literalCounts, distanceCounts] = [this.#literalCounts, this.#distanceCounts];
    const base = this.#reserve(bytes.length);
    const last = bytes.length - MIN_MATCH;
    out.set(this.#header, start);
    let to = start + this.#header.length;
    let { bits: held, count } = this.#headerRest;
    const size = bytes.length;
    let at = 0;
    while (at <= last) {
      const first = bytes[at] as number;
      const second = bytes[at + 1] as number;
      const slot =
        Math.imul(
          first | (second << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24),
          0x9e3779b1,
        ) >>>
        (32 - HASH_BITS);
      const before = (seen[slot] as number) - base;
      seen[slot] = base + at;
      let match = 0;
      if (before >= 0 && bytes[before] === first) {
        const most = Math.min(MAX_MATCH, size - at);
        while (match < most && bytes[before + match] === bytes[at + match]) match += 1;
      }
      if (match < MIN_MATCH) {
        const code = literals[first] as number;
        const next = literals[second] as number;
        const bits = code >>> 16;
        held |= ((code & 0xffff) | ((next & 0xffff) << bits)) << count;
        count += bits + (next >>> 16);
        at += 2;
      } else {
        const step = LENGTH_SYMBOLS[match] as number;
        const code = literals[FIRST_LENGTH + step] as number;
        held |= ((code & 0xffff) | ((match - (LENGTH_STARTS[step] as number)) << (code >>> 16))) << count;
        for (count += (code >>> 16) + (LENGTH_EXTRA[step] as number); count >= 8; count -= 8) {
          out[to++] = held;
          held >>>= 8;
        }
        const distance = at - before;
        const far = DISTANCE_SYMBOLS[distance] as number;
        const farCode = distances[far] as number;
        if (isCounted) {
          literalCounts[FIRST_LENGTH + step] = (literalCounts[FIRST_LENGTH + step] as number) + 1;
          distanceCounts[far] = (distanceCounts[far] as number) + 1;
        }
        held |=
          ((farCode & 0xffff) | ((distance - (DISTANCE_STARTS[far] as number)) << (farCode >>> 16))) << count;
        count += (farCode >>> 16) + (DISTANCE_EXTRA[far] as number);
        at += match;
      }
      out[to] = held;
      out[to + 1] = held >>> 8;
      out[to + 2] = held >>> 16;
      const whole = count & 24;
      to += whole >>> 3;
      held >>>= whole;
      count &= 7;
    }
    for (; at < size; at += 1) {
      const code = literals[bytes[at] as number] as number;
      held |= (code & 0xffff) << count;
      for (count += code >>> 16; count >= 8; count -= 8) {
        out[to++] = held;
        held >>>= 8;
      }
    }
    // Those in matches too: it tells enough, and to count above takes a tenth of the time.
    if (isCounted) for (const byte of bytes) literalCounts[byte] = (literalCounts[byte] as number) + 1;
    const end = literals[END_OF_BLOCK] as number;
    held |= (end & 0xffff) << count;
    for (count += end >>> 16; count > 0; count -= 8) {
      out[to++] = held;
      held >>>= 8;
    }
    return to;
  }

  /** Where the next content begins, of all there were. */
  #reserve(length: number): number {
    if (this.#seenBytes > 1 << 30) {
      this.#seen.fill(0);
      this.#seenBytes = 1;
    }
    const base = this.#seenBytes;
    this.#seenBytes += length;
    return base;
  }
}

function plusOne(count: number): number {
  return count + 1;
}

function halve(counts: Uint32Array): void {
  for (let symbol = 0; symbol < counts.length; symbol += 1) counts[symbol] = (counts[symbol] as number) >>> 1;
}

function setCodes(to: Uint32Array, { codes, lengths }: PrefixCodes): void {
  for (let symbol = 0; symbol < to.length; symbol += 1)
    to[symbol] = (codes[symbol] as number) | ((lengths[symbol] as number) << 16);
}

/** One stored block: RFC 1951, 3.2.4. */
function store(bytes: Uint8Array, out: Uint8Array, at: number): number {
  out.set([0x78, 1, 1, bytes.length, bytes.length >> 8, ~bytes.length, ~bytes.length >> 8], at);
  out.set(bytes, at + 7);
  return at + 7 + bytes.length;
}

const ADLER = 65521;
/** So many bytes keep the sums small integers. */
const ADLER_BYTES = 2_048;

/** RFC 1950, 9. */
function writeAdler(bytes: Uint8Array, out: Uint8Array, at: number): number {
  let [a, b] = [1, 0];
  for (let start = 0; start < bytes.length; start += ADLER_BYTES) {
    const end = Math.min(bytes.length, start + ADLER_BYTES);
    for (let index = start; index < end; index += 1) {
      a += bytes[index] as number;
      b += a;
    }
    a %= ADLER;
    b %= ADLER;
  }
  out[at] = b >> 8;
  out[at + 1] = b;
  out[at + 2] = a >> 8;
  out[at + 3] = a;
  return at + 4;
}

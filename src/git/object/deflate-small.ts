/**
 * A zlib stream of few bytes (RFC 1950) in one block with the fixed codes of RFC 1951, 3.2.6. Setting zlib up takes 10 to
 * 15 microseconds whatever the length; this takes 2 to 5 for a commit or a delta, and its streams are a seventh longer.
 */

/** Beyond this zlib's own codes gain more than its start costs. */
export const SMALL_STREAM_BYTES = 1 << 10;

const MIN_MATCH = 4;
const MAX_MATCH = 258;
const HASH_BITS = 10;
const END_BITS = 7;

/** RFC 1951, 3.2.5: what the length symbols from 257 on and the distance symbols begin at, and their extra bits. */
const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025];
const lengthExtra = (symbol: number) => (symbol < 8 || symbol === 28 ? 0 : (symbol >> 2) - 1);
const distanceExtra = (symbol: number) => (symbol < 4 ? 0 : (symbol >> 1) - 1);

/** By value: the bits to write, lowest first, extra bits included, and how many they are. */
interface Codes {
  bits: Uint32Array;
  counts: Uint8Array;
}

const literals = codesOf(
  256,
  Array.from({ length: 256 }, (_, literal) => literal),
  literal => (literal < 144 ? [0x30 + literal, 8, 0] : [0x190 + literal - 144, 9, 0]),
);
const lengths = codesOf(MAX_MATCH + 1, LENGTHS, symbol =>
  symbol < 23 ? [symbol + 1, 7, lengthExtra(symbol)] : [0xc0 + symbol - 23, 8, lengthExtra(symbol)],
);
const distances = codesOf(SMALL_STREAM_BYTES + 1, DISTANCES, symbol => [symbol, 5, distanceExtra(symbol)]);

/**
 * Codes of the values below `size`. Filled by symbol, as this is done whenever the module is loaded: a call for each value
 * took three times as long, 1.8 ms.
 * @param firsts the first value of each symbol
 * @param codeOf a symbol's code, its bits and its extra bits
 */
function codesOf(
  size: number,
  firsts: readonly number[],
  codeOf: (symbol: number) => [code: number, count: number, extra: number],
): Codes {
  const bits = new Uint32Array(size);
  const counts = new Uint8Array(size);
  for (let symbol = 0; symbol < firsts.length; symbol += 1) {
    const [code, count, extra] = codeOf(symbol);
    const written = reversed(code, count);
    const first = firsts[symbol] as number;
    const end = Math.min(firsts[symbol + 1] ?? size, size);
    for (let value = first; value < end; value += 1) {
      bits[value] = written | ((value - first) << count);
      counts[value] = count + extra;
    }
  }
  return { bits, counts };
}

function reversed(code: number, count: number): number {
  let bits = 0;
  for (let at = 0; at < count; at += 1) bits |= ((code >> at) & 1) << (count - 1 - at);
  return bits;
}

/** Where each hash was last seen, counted over all inputs: what lies before an input's start is of earlier ones. */
const seen = new Int32Array(1 << HASH_BITS);
let seenBytes = 1;

const stream = Buffer.allocUnsafeSlow(2 * SMALL_STREAM_BYTES);
let streamAt = 0;
let held = 0;
let heldBits = 0;

/** @param bytes at most {@link SMALL_STREAM_BYTES} */
export function deflateSmall(bytes: Uint8Array): Buffer {
  if (seenBytes > 1 << 30) restart();
  stream[0] = 0x78;
  stream[1] = 1;
  streamAt = 2;
  // The last block, with fixed codes.
  held = 0b011;
  heldBits = 3;
  compress(bytes, seenBytes);
  seenBytes += bytes.length;
  put(0, END_BITS);
  if (heldBits > 0) stream[streamAt++] = held;
  streamAt = stream.writeUInt32BE(adler32(bytes), streamAt);
  return Buffer.from(stream.subarray(0, streamAt));
}

function restart(): void {
  seen.fill(0);
  seenBytes = 1;
}

function compress(bytes: Uint8Array, start: number): void {
  let at = 0;
  for (const last = bytes.length - MIN_MATCH; at <= last; ) {
    const slot = hashAt(bytes, at);
    const before = (seen[slot] as number) - start;
    seen[slot] = start + at;
    const length = before < 0 ? 0 : matchLength(bytes, before, at);
    if (length >= MIN_MATCH) {
      put(lengths.bits[length] as number, lengths.counts[length] as number);
      put(distances.bits[at - before] as number, distances.counts[at - before] as number);
      at += length;
    } else putLiteral(bytes[at++] as number);
  }
  while (at < bytes.length) putLiteral(bytes[at++] as number);
}

function hashAt(bytes: Uint8Array, at: number): number {
  const word =
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24);
  return Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
}

function matchLength(bytes: Uint8Array, before: number, at: number): number {
  const most = Math.min(MAX_MATCH, bytes.length - at);
  let length = 0;
  while (length < most && bytes[before + length] === bytes[at + length]) length += 1;
  return length;
}

function putLiteral(byte: number): void {
  put(literals.bits[byte] as number, literals.counts[byte] as number);
}

function put(bits: number, count: number): void {
  held |= bits << heldBits;
  heldBits += count;
  while (heldBits >= 8) {
    stream[streamAt++] = held;
    held >>>= 8;
    heldBits -= 8;
  }
}

/** RFC 1950, 9, of at most {@link SMALL_STREAM_BYTES}: the sums do not overflow before the end. */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a += byte;
    b += a;
  }
  return (((b % 65521) << 16) | (a % 65521)) >>> 0;
}

import { adler32 } from '../object/deflate-small.ts';
import { inflateExactly } from '../pack/pack-entry.ts';

/** In front of the bytes: the header of zlib, that of the last block, and how many they are, twice. */
const FRONT_BYTES = 7;
const CHECKSUM_BYTES = 4;
/** Above it zlib sums faster. */
const MAX_STORED_BYTES = 4 << 10;

/**
 * The payload of an entry. One that lies undeflated, as short deltas do (RFC 1950; RFC 1951, 3.2.4), is taken without zlib, which needs 15
 * microseconds before it begins.
 * @throws KittiwakeError `pack_corrupt`
 */
export function inflatePayload(deflated: Buffer, size: number): Buffer {
  if (!isStored(deflated, size)) return inflateExactly(deflated, size);
  const bytes = deflated.subarray(FRONT_BYTES, FRONT_BYTES + size);
  const isRight = adler32(bytes) === deflated.readUInt32BE(FRONT_BYTES + size);
  return isRight ? bytes : inflateExactly(deflated, size);
}

/** In one block, the last one, with a header that says so. */
function isStored(deflated: Buffer, size: number): boolean {
  if (size > MAX_STORED_BYTES || deflated.length < FRONT_BYTES + size + CHECKSUM_BYTES) return false;
  const [method = 0, flags = 0, block] = deflated;
  const isPlain = method === 0x78 && (flags & 0x20) === 0 && ((method << 8) | flags) % 31 === 0;
  return (
    isPlain &&
    block === 1 &&
    deflated.readUInt16LE(3) === size &&
    (deflated.readUInt16LE(5) ^ 0xffff) === size
  );
}

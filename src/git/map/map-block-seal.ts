import { crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import { DEFLATED, HEADER_BYTES } from './map-block.ts';

const PLAIN = 0;
/** Deflating must save one byte in this many. */
const LEAST_GAIN = 12;
/** Half of most entries is ids, which do not deflate: the best level saves 4 % and takes thrice the time. */
const LEVEL = 1;

/** A block as it is stored; see `map-block.ts`. */
export function sealBlock(content: Buffer, count: number, seed: number): Buffer {
  return storedBlock(content, deflateRawSync(content, { level: LEVEL }), count, seed);
}

/** The same, deflated in another thread. */
export async function sealBlockAside(content: Buffer, count: number, seed: number): Promise<Buffer> {
  const deflated = await new Promise<Buffer>((resolve, reject) =>
    deflateRaw(content, { level: LEVEL, chunkSize: Math.max(1024, content.length) }, (error, result) =>
      error ? reject(error) : resolve(result),
    ),
  );
  return storedBlock(content, deflated, count, seed);
}

function storedBlock(content: Buffer, deflated: Buffer, count: number, seed: number): Buffer {
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

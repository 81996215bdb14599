import { deflateSync } from 'node:zlib';
import { MAX_DISTANCE } from './deflate-symbols.ts';
import { SHARED_HEADER_BYTES, SharedDeflate } from './shared-deflate.ts';

/** Deflates many contents one after the other, each a zlib stream (RFC 1950) of its own. */
export interface DeflateMany {
  /** What the stream of so many bytes takes at most. */
  maxBytes(length: number): number;
  /** Writes the zlib stream of `bytes` into `out` at `at`, where there is room for {@link maxBytes}, and answers where it ends. */
  into(bytes: Uint8Array, out: Uint8Array, at: number): number;
}

/** Larger contents go to zlib, whose start then costs little. */
const SMALL_BYTES = MAX_DISTANCE;

export function deflateMany(): DeflateMany {
  const shared = new SharedDeflate();
  return {
    maxBytes: length =>
      length + (length > SMALL_BYTES ? (length >> 8) + 64 : (length >> 1) + SHARED_HEADER_BYTES),
    into(bytes, out, at) {
      if (bytes.length <= SMALL_BYTES) return shared.into(bytes, out, at);
      const stream = deflateSync(bytes, { level: 1, chunkSize: bytes.length + 1024 });
      out.set(stream, at);
      return at + stream.length;
    },
  };
}

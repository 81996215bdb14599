import { deflateObject } from './deflate.ts';

/** Deflates many contents one after the other, each a zlib stream of its own. */
export interface DeflateMany {
  /** What the stream of so many bytes takes at most. */
  maxBytes(length: number): number;
  /** Writes the zlib stream of `bytes` into `out` at `at`, and answers where it ends. */
  into(bytes: Uint8Array, out: Uint8Array, at: number): number;
}

export function deflateMany(): DeflateMany {
  return {
    maxBytes: length => length + (length >> 3) + 64,
    into(bytes, out, at) {
      const stream = deflateObject('blob', bytes);
      out.set(stream, at);
      return at + stream.length;
    },
  };
}

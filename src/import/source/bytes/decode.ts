import { isUtf8 } from 'node:buffer';
import { encodingInvalid, encodingUnknown } from '../errors.ts';
import type { PlainChunk } from './plain-chunk.ts';

/** The Encoding Standard's name of a label: `latin1` is `windows-1252`. @throws KittiwakeError `encoding_invalid` */
export function encodingNamed(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw encodingUnknown(label);
  }
}

/**
 * Text of any encoding as UTF-8. A mark of order at its beginning is left out.
 * @throws KittiwakeError `encoding_invalid` with the byte at which the piece begins that is invalid
 */
export async function* decodeToUtf8(
  chunks: AsyncIterable<PlainChunk>,
  options: { source: string; encoding: string },
): AsyncGenerator<PlainChunk> {
  const { source, encoding } = options;
  const decoder = new TextDecoder(encoding, { fatal: true });
  let at = 0;
  const decode = (bytes?: Uint8Array): Buffer => {
    try {
      return Buffer.from(bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true }));
    } catch {
      throw encodingInvalid(source, encoding, at);
    }
  };
  let bytesRead = 0;
  for await (const chunk of chunks) {
    // Small pieces, so that an error is told nearly where it is.
    for (let start = 0; start < chunk.bytes.length; start += 65536) {
      const piece = chunk.bytes.subarray(start, start + 65536);
      const bytes = decode(piece);
      at += piece.length;
      if (bytes.length > 0) yield { bytes, bytesRead: chunk.bytesRead };
    }
    bytesRead = chunk.bytesRead;
  }
  const rest = decode();
  if (rest.length > 0) yield { bytes: rest, bytesRead };
}

/** Position of the first byte that is no UTF-8, or -1. */
export function invalidUtf8At(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return -1;
  let at = 0;
  // Whole lines first: a line feed is no part of any other character.
  for (let end = 0; end !== -1; ) {
    end = bytes.indexOf(10, at);
    if (!isUtf8(bytes.subarray(at, end === -1 ? bytes.length : end))) break;
    at = end + 1;
  }
  for (;;) {
    const length = characterBytes(bytes[at] ?? 0);
    if (!isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
}

function characterBytes(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

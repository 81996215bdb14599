import { isUtf8 } from 'node:buffer';
import { textInvalid } from '../errors.ts';

/** UTF-8 to text, a byte-order mark kept. Undefined when the bytes are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/**
 * Text to UTF-8.
 * @throws KittiwakeError `text_invalid` when it holds half a surrogate pair, which UTF-8 cannot say
 */
export function encodeText(text: string): Buffer {
  if (!text.isWellFormed()) throw textInvalid();
  return Buffer.from(text, 'utf8');
}

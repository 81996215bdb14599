import { base64Invalid } from './errors.ts';

/**
 * Decodes base64 as Python's `b64decode` does by default: foreign characters are passed over, padding must be there,
 * and what follows it is not read.
 * @throws KittiwakeError `base64_invalid`
 */
export function decodeBase64(text: string): Buffer {
  if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return Buffer.from(text, 'base64');
  const plain = text.replace(/[^A-Za-z0-9+/=]/g, '');
  const clean = plain.indexOf('=') < 0 ? plain : cutAtPadding(plain);
  if (clean.length % 4 !== 0) throw base64Invalid();
  return Buffer.from(clean, 'base64');
}

/** Padding counts where two or three digits of a group stand before it; elsewhere it is passed over. */
function cutAtPadding(text: string): string {
  let digits = '';
  let pads = 0;
  for (const char of text) {
    if (char === '=') {
      const wanted = digits.length % 4;
      if (wanted >= 2 && wanted + ++pads >= 4) return digits + '='.repeat(4 - wanted);
    } else {
      digits += char;
      pads = 0;
    }
  }
  if (digits.length % 4 !== 0) throw base64Invalid();
  return digits;
}

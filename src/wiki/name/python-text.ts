/** Python's idea of white space (`str.isspace`), which differs from JavaScript's in six characters. */
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LEADING = new RegExp(`^[${SPACE}]+`);
const ONE = new RegExp(`[${SPACE}]`);

/** `str.strip()`. */
export function strip(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end).replace(LEADING, '');
}

/** `len(text.split())`: the number of words. */
export function countWords(text: string): number {
  if (text.length > ASCII_BYTES) return countUnits(text);
  ascii ??= {
    bytes: Buffer.allocUnsafeSlow(3 * ASCII_BYTES),
    breaks: Uint8Array.from({ length: 128 }, spaceAt),
  };
  const { bytes, breaks } = ascii;
  const length = bytes.write(text);
  if (length !== text.length) return countUnits(text);
  let words = 0;
  let before = 1;
  for (let i = 0; i < length; i++) {
    const now = breaks[bytes[i] as number] as number;
    words += before & (now ^ 1);
    before = now;
  }
  return words;
}

/** Longer texts are looked at unit by unit, which takes five times as long: most are parts of other strings. */
const ASCII_BYTES = 16 << 10;
/** Room for a text, and by byte: 1 where it is space. */
let ascii: { bytes: Buffer; breaks: Uint8Array } | undefined;

function spaceAt(_: unknown, unit: number): number {
  return isSpace(unit) ? 1 : 0;
}

function countUnits(text: string): number {
  let words = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i++) {
    const space = isSpace(text.charCodeAt(i));
    if (!space && !inWord) words++;
    inWord = !space;
  }
  return words;
}

/** `str.isspace()` of one UTF-16 unit. */
export function isSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 9 && unit <= 13) || (unit >= 0x1c && unit <= 0x1f);
  return ONE.test(String.fromCharCode(unit));
}

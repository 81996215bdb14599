import { isUtf8 } from 'node:buffer';

/**
 * Tree entry names as strings. Git names are bytes; nearly all are UTF-8. Each byte that is not is shown as the lone
 * surrogate U+DC00 + byte (Python's `surrogateescape`), so that every name comes back byte for byte.
 */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let name = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    name +=
      length > 0 ? bytes.toString('utf8', at, at + length) : String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += Math.max(length, 1);
  }
  return name;
}

/** Length of the valid UTF-8 sequence at `at`; 0 when there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}

/** The bytes of a name. Surrogates that {@link decodeName} would not have made become U+FFFD, as everywhere in Node. */
export function encodeName(name: string): Buffer {
  const bytes = Buffer.from(name);
  if (name.isWellFormed()) return bytes;
  const parts = name.split(/([\udc80-\udcff])/u);
  const escaped = Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) - 0xdc00))),
  );
  return decodeName(escaped) === name ? escaped : bytes;
}

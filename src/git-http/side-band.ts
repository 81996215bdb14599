/** Of a packet with four digits and the band ahead. */
const MAX_CONTENT_BYTES = 65_515;

/** 1: what was asked for; 2: what a person reads meanwhile; 3: why it ended (gitprotocol-pack(5), `side-band-64k`). */
export type Band = 1 | 2 | 3;

/** Bytes of one band, as packets. */
export function banded(band: Band, content: Uint8Array): Buffer {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += MAX_CONTENT_BYTES) {
    const piece = content.subarray(at, at + MAX_CONTENT_BYTES);
    parts.push(
      Buffer.from(`${(piece.length + 5).toString(16).padStart(4, '0')}${String.fromCharCode(band)}`),
    );
    parts.push(piece);
  }
  return Buffer.concat(parts);
}

/** Git's rename threshold, of {@link similarity}'s range. */
export const RENAME_SIMILARITY = 0.5;

const CHUNK_BYTES = 64;

/**
 * How much of one file is found in the other, from 0 to 1: git's measure for renames (diffcore-delta.c). Both are cut
 * into lines of at most 64 bytes; what they share counts against the larger one.
 */
export function similarity(before: Uint8Array, after: Uint8Array): number {
  const larger = Math.max(before.length, after.length);
  const smaller = Math.min(before.length, after.length);
  if (smaller === 0 || smaller / larger < RENAME_SIMILARITY) return 0;
  const counts = chunkBytes(before);
  let shared = 0;
  for (const [chunk, bytes] of chunkBytes(after)) shared += Math.min(bytes, counts.get(chunk) ?? 0);
  return shared / larger;
}

/** Bytes by chunk. A carriage return before a newline is not part of a text's chunk, as in git. */
function chunkBytes(bytes: Uint8Array): Map<string, number> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isText = !view.subarray(0, 8_000).includes(0);
  const chunks = new Map<string, number>();
  let start = 0;
  while (start < view.length) {
    const newline = view.subarray(start, start + CHUNK_BYTES).indexOf(0x0a);
    const end = newline < 0 ? Math.min(start + CHUNK_BYTES, view.length) : start + newline + 1;
    const raw = view.toString('latin1', start, end);
    const chunk = isText ? raw.replace('\r\n', '\n') : raw;
    chunks.set(chunk, (chunks.get(chunk) ?? 0) + chunk.length);
    start = end;
  }
  return chunks;
}

/** A stream that knows a cheaper way of being gathered than being iterated over. */
export interface Gatherable extends AsyncIterable<Uint8Array> {
  /** As {@link gather}. */
  gather(maxBytes: number): Promise<Buffer | undefined>;
}

/**
 * Gathers a stream into one buffer.
 * @returns undefined as soon as the stream is longer than `maxBytes`; the rest is not kept
 */
export async function gather(
  source: Uint8Array | AsyncIterable<Uint8Array> | Gatherable,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (source instanceof Uint8Array) {
    if (source.byteLength > maxBytes) return undefined;
    return Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  }
  if ('gather' in source) return source.gather(maxBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.byteLength;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

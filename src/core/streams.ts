/**
 * Gathers a stream into one buffer.
 * @returns undefined as soon as the stream is longer than `maxBytes`; the rest is not read
 */
export async function gather(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (source instanceof Uint8Array) {
    if (source.byteLength > maxBytes) return undefined;
    return Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.byteLength;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] instanceof Buffer ? chunks[0] : Buffer.concat(chunks, length);
}

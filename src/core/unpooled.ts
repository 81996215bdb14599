/** The same bytes, to be kept: small buffers are parts of a pool of 64 KiB, all of which one of them keeps alive. */
export function unpooled(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength <= 2 * bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

/** Loads node:crypto on its first use: that takes longer than all the rest of init. */
export function sha256(data: string | Uint8Array): Buffer {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(data).digest();
}

/** Lower-case hex SHA-256 of the parts, each preceded by its length, so that no two lists of parts collide. */
export function hashParts(...parts: readonly (string | Uint8Array)[]): string {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}

/** Whether `text` is one of the secrets, of which absent ones are none. Takes as long whichever it is, and when it is none. */
export function isOneOf(secrets: readonly (string | undefined)[], text: string): boolean {
  const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
  const given = sha256(text);
  const matches = secrets.filter(secret => secret !== undefined && timingSafeEqual(sha256(secret), given));
  return matches.length > 0;
}

/** The text of UTF-8 bytes; undefined when they are not valid UTF-8. A byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (!process.getBuiltinModule('node:buffer').isUtf8(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

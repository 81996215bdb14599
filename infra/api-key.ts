import { createHash, randomBytes } from 'node:crypto';

/** A new API key and its hash. It has 256 random bits, so that its plain SHA-256 tells nobody anything. */
export function makeApiKey(): { key: string; sha256: string } {
  const key = `kw_${randomBytes(32).toString('base64url')}`;
  return { key, sha256: createHash('sha256').update(key).digest('hex') };
}

import { sha256 } from '../core/bytes.ts';
import { apiKeyUnset, authInvalid, authMissing } from './errors.ts';
import { OPERATOR, type Principal } from './principal.ts';

/**
 * Finds out who is calling from the headers (names in lower case).
 * @throws KittiwakeError `auth_missing`, `auth_invalid`, `api_key_unset`
 */
export type Authenticate = (headers: Readonly<Record<string, string>>) => Principal | Promise<Principal>;

/** A shared key, or its SHA-256 in hex. */
export interface SharedKey {
  apiKey?: string | undefined;
  apiKeySha256?: string | undefined;
}

/** One shared key: full rights to whoever sends `Authorization: Bearer <key>`. Compared in constant time. */
export function createKeyAuthenticator({ apiKey, apiKeySha256 }: SharedKey): Authenticate {
  const isUnset = (text: string | undefined) => text === undefined || text === '';
  let expected: Buffer | undefined;
  return headers => {
    if (isUnset(apiKey) && isUnset(apiKeySha256)) throw apiKeyUnset();
    const header = headers.authorization;
    if (!header?.startsWith('Bearer ')) throw authMissing();
    expected ??= apiKeySha256 === undefined ? sha256(apiKey ?? '') : Buffer.from(apiKeySha256, 'hex');
    const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
    if (!timingSafeEqual(sha256(header.slice(7)), expected)) throw authInvalid();
    return OPERATOR;
  };
}

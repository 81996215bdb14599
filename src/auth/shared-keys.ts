import { sha256 } from '../core/bytes.ts';

/** The server's own keys, each as it is or as the hex of its SHA-256. Empty ones are none. */
export interface SharedKeys {
  apiKey?: string | undefined;
  apiKeySha256?: string | undefined;
  /** Accepted as well, so that every caller can change over. */
  apiKeyPrevious?: string | undefined;
  apiKeyPreviousSha256?: string | undefined;
}

export interface KeyCheck {
  /** False: there is no key. */
  readonly isSet: boolean;
  /** In constant time, whichever key it is and whether it is one. */
  matches(text: string): boolean;
}

/** Hashes no key before the first one is checked: loading node:crypto takes longer than all the rest of init. */
export function createKeyCheck(keys: SharedKeys): KeyCheck {
  const given = [
    { key: keys.apiKey, hash: keys.apiKeySha256 },
    { key: keys.apiKeyPrevious, hash: keys.apiKeyPreviousSha256 },
  ].filter(({ key = '', hash = '' }) => key !== '' || hash !== '');
  let expected: Buffer[] | undefined;
  return {
    isSet: given.length > 0,
    matches(text) {
      expected ??= given.map(({ key, hash }) => (hash ? Buffer.from(hash, 'hex') : sha256(key ?? '')));
      const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
      const found = sha256(text);
      return expected.filter(hash => timingSafeEqual(hash, found)).length > 0;
    },
  };
}

import type { ScryptOptions } from 'node:crypto';

/** A hash that is made or recomputed of a password: by which function, and what must come out. */
export interface PasswordHash {
  readonly salt: Uint8Array;
  readonly expected: Uint8Array;
  readonly derive: Derivation;
}

export type Derivation =
  | { kind: 'scrypt'; N: number; r: number; p: number }
  | { kind: 'pbkdf2'; digest: 'sha256' | 'sha512'; iterations: number }
  /** HMAC with the salt as its key. */
  | { kind: 'hmac'; digest: 'sha256' };

/** OWASP's parameters for 32 MiB of memory (2023): 0.2 s on the machine that this was written on. */
export const SCRYPT = { kind: 'scrypt', N: 2 ** 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const HMAC_BYTES = 32;

/** A hash that says to take more than this was not made by anybody who means well. */
const MAX_SCRYPT_BYTES = 128 * 2 ** 20;
const MAX_ITERATIONS = 2_000_000;

/** A hash that is yet to be computed. @param salt 16 random bytes */
export function freshHash(salt: Uint8Array): PasswordHash {
  return { salt, expected: new Uint8Array(HASH_BYTES), derive: SCRYPT };
}

export const saltBytes = SALT_BYTES;

/** `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, in base64 without padding (the PHC string format). */
export function formatHash(salt: Uint8Array, hash: Uint8Array): string {
  const { N, r, p } = SCRYPT;
  return `$scrypt$ln=${Math.log2(N)},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;
}

/** True for what {@link formatHash} would make today. */
export function isCurrentHash(stored: string): boolean {
  const { N, r, p } = SCRYPT;
  return stored.startsWith(`$scrypt$ln=${Math.log2(N)},r=${r},p=${p}$`);
}

/**
 * Reads our own hashes, and those of Otterwiki (made by Werkzeug): `scrypt:32768:8:1$salt$hex`, `pbkdf2:sha256:600000$salt$hex`,
 * `sha256$salt$hex`. Undefined for everything else.
 */
export function parseHash(stored: string): PasswordHash | undefined {
  return parseOwn(stored) ?? parseWerkzeug(stored);
}

function parseOwn(stored: string): PasswordHash | undefined {
  const match =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,86})\$([A-Za-z0-9+/]{22,86})$/.exec(
      stored,
    );
  if (!match) return undefined;
  const [, ln, r, p, salt = '', hash = ''] = match;
  const derive = scryptOf(2 ** Number(ln), Number(r), Number(p));
  return derive && { salt: Buffer.from(salt, 'base64'), expected: Buffer.from(hash, 'base64'), derive };
}

function parseWerkzeug(stored: string): PasswordHash | undefined {
  const match = /^([a-z0-9:]{6,40})\$([A-Za-z0-9]{1,64})\$((?:[0-9a-f]{2}){16,64})$/.exec(stored);
  if (!match) return undefined;
  const [, method = '', salt = '', hex = ''] = match;
  const derive = werkzeugMethod(method.split(':'));
  // An HMAC has one length; others are computed to that of what is expected.
  if (derive?.kind === 'hmac' && hex.length !== 2 * HMAC_BYTES) return undefined;
  return derive && { salt: Buffer.from(salt), expected: Buffer.from(hex, 'hex'), derive };
}

function werkzeugMethod([name, ...given]: readonly string[]): Derivation | undefined {
  const [first = '', ...others] = given;
  if (name === 'sha256' && given.length === 0) return { kind: 'hmac', digest: 'sha256' };
  if (name === 'scrypt' && given.length === 3) {
    const [N = 0, r = 0, p = 0] = given.map(Number);
    return scryptOf(N, r, p);
  }
  const iterations = Number(others[0]);
  const isSane =
    iterations >= 1 && iterations <= MAX_ITERATIONS && (first === 'sha256' || first === 'sha512');
  return name === 'pbkdf2' && isSane ? { kind: 'pbkdf2', digest: first, iterations } : undefined;
}

function scryptOf(N: number, r: number, p: number): Derivation | undefined {
  const isPower = Number.isInteger(Math.log2(N)) && N >= 2;
  const isSane = r >= 1 && p >= 1 && p <= 16 && 128 * N * r <= MAX_SCRYPT_BYTES;
  return isPower && isSane ? { kind: 'scrypt', N, r, p } : undefined;
}

/** What the password comes to; off this thread. */
export function deriveHash(password: string, { salt, expected, derive }: PasswordHash): Promise<Buffer> {
  const { createHmac, pbkdf2, scrypt } = process.getBuiltinModule('node:crypto');
  if (derive.kind === 'hmac')
    return Promise.resolve(createHmac(derive.digest, salt).update(password).digest());
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, hash: Buffer) => (error ? reject(error) : resolve(hash));
    if (derive.kind === 'scrypt') {
      scrypt(password, salt, expected.byteLength, scryptOptions(derive), done);
    } else {
      pbkdf2(password, salt, derive.iterations, expected.byteLength, derive.digest, done);
    }
  });
}

function scryptOptions({ N, r, p }: Extract<Derivation, { kind: 'scrypt' }>): ScryptOptions {
  return { N, r, p, maxmem: 2 * 128 * N * r + 1024 * r * p + 2 ** 20 };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}

import { hashParts } from '../../core/bytes.ts';
import { Lru } from '../../core/lru.ts';
import type { Runtime } from '../../core/runtime.ts';
import { hashUnknown, passwordsBusy } from './errors.ts';
import { deriveHash, formatHash, freshHash, parseHash, saltBytes } from './password-hash.ts';
import type { PasswordWish } from './user.ts';
import { checkPassword } from './user-rules.ts';

/** Each takes 32 MiB while it is computed, and a thread. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 64;
/** Passwords that were right: a caller who sends one with each request waits 0.2 s for the first alone. */
const REMEMBERED = 256;
const GENERATED_BYTES = 18;

/** Hashes and compares passwords, few at a time, in the time it takes whoever the user is. */
export class Passwords {
  readonly #runtime: Pick<Runtime, 'randomBytes'>;
  readonly #right = new Lru<string, true>(REMEMBERED);
  readonly #secret: Buffer;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(runtime: Pick<Runtime, 'randomBytes'>) {
    this.#runtime = runtime;
    this.#secret = runtime.randomBytes(32);
  }

  /** @throws KittiwakeError `passwords_busy` */
  async hash(password: string): Promise<string> {
    const salt = this.#runtime.randomBytes(saltBytes);
    const hash = await this.#inTurn(() => deriveHash(normal(password), freshHash(salt)));
    return formatHash(salt, hash);
  }

  /**
   * What is to be kept for a wish, and the password where nobody knows it yet.
   * @throws KittiwakeError `password_invalid`, `passwords_busy`
   */
  async fulfil(wish: PasswordWish): Promise<{ hash?: string; generated?: string }> {
    switch (wish.kind) {
      case 'none':
        return {};
      case 'hash':
        if (parseHash(wish.hash) === undefined) throw hashUnknown();
        return { hash: wish.hash };
      case 'given':
        checkPassword(wish.password);
        return { hash: await this.hash(wish.password) };
      case 'generated': {
        const generated = this.#runtime.randomBytes(GENERATED_BYTES).toString('base64url');
        return { hash: await this.hash(generated), generated };
      }
    }
  }

  /**
   * True when the password is the one that was hashed. Undefined (there is no such user, or it has no password) takes as long as
   * a password that is wrong, and is false.
   * @throws KittiwakeError `passwords_busy`
   */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    const known = stored === undefined ? undefined : parseHash(stored);
    const memory = stored === undefined ? '' : this.#memoryOf(password, stored);
    if (known && this.#right.get(memory)) return true;
    const wanted = known ?? freshHash(this.#secret.subarray(0, saltBytes));
    const isForeign = stored !== undefined && !stored.startsWith('$');
    const derived = await this.#inTurn(() => deriveHash(isForeign ? password : normal(password), wanted));
    const isRight = process.getBuiltinModule('node:crypto').timingSafeEqual(derived, wanted.expected);
    if (!known || !isRight) return false;
    this.#right.set(memory, true, 1);
    return true;
  }

  /** A text that tells the password to nobody but this process, and that another hash makes another one of. */
  #memoryOf(password: string, stored: string): string {
    return hashParts(this.#secret, password, stored);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MOST_AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) throw passwordsBusy();
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

function normal(password: string): string {
  return password.normalize('NFC');
}

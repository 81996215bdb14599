import { Lru } from '../../core/lru.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore, Version } from '../../storage/byte-store.ts';
import { authInvalid } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { type CheckedToken, judge, tokenPrincipal } from './judge.ts';
import { tokenFormat, tokenHash, tokenKey } from './token.ts';

/** An answer of the store younger than this is not asked for again. */
const FRESH_MS = 5_000;
const MAX_KNOWN = 10_000;
const MAX_UNKNOWN = 10_000;

export interface TokenChecksOptions {
  store(): Promise<ByteStore>;
  runtime: Runtime;
  /** For so long a token counts as the store had it. */
  stalenessMs: number;
}

/** The uuid of the wiki that a request is for, at once where it is known. */
export interface WikiIdentity {
  (): Promise<string>;
  peek(): string | undefined;
}

export interface Check {
  wikiId: WikiIdentity;
  /** Gets what need not be waited for but by the answer. */
  beside(work: Promise<unknown>): void;
  /** Runs the look-up of a token that is not known yet, so that those that fail can be limited. */
  counted<T>(look: () => Promise<T>): Promise<T>;
}

interface Known {
  token: CheckedToken;
  version: Version;
  /** When the store was asked. */
  checkedMs: number;
}

/**
 * Whom tokens speak for, as far as this process knows. A fresh answer is taken as it is; an older one, too, while the store is
 * asked again beside what is being done; one that is older than the staleness counts no more.
 */
export class TokenChecks {
  readonly #options: TokenChecksOptions;
  readonly #freshMs: number;
  readonly #known = new Lru<string, Known>(MAX_KNOWN);
  readonly #unknown = new Lru<string, number>(MAX_UNKNOWN);
  readonly #asking = new Map<string, Promise<CheckedToken | undefined>>();
  /** How often this process has changed a token: what was read before that is not kept. */
  #changes = 0;

  constructor(options: TokenChecksOptions) {
    this.#options = options;
    this.#freshMs = Math.min(FRESH_MS, options.stalenessMs);
  }

  /**
   * @param text of the form of a token
   * @throws KittiwakeError `auth_invalid`, `token_of_other_wiki`; those of {@link ByteStore.get}
   */
  check(text: string, check: Check): Principal | Promise<Principal> {
    const hash = tokenHash(text);
    const known = this.#known.get(hash);
    const ageMs = this.#age(known?.checkedMs);
    if (known === undefined || !(ageMs < this.#options.stalenessMs)) return this.#look(hash, check);
    if (!(ageMs < this.#freshMs)) check.beside(this.#ask(hash).catch(() => {}));
    return this.#accept(known.token, check);
  }

  /** To be called when this process has changed a token. */
  forget(hash: string): void {
    this.#known.delete(hash);
    this.#unknown.delete(hash);
    this.#asking.delete(hash);
    this.#changes += 1;
  }

  async #look(hash: string, check: Check): Promise<Principal> {
    if (this.#age(this.#unknown.get(hash)) < this.#freshMs) throw authInvalid();
    const look = async () => {
      const token = await this.#ask(hash);
      if (token === undefined) throw authInvalid();
      return token;
    };
    return this.#accept(await (this.#known.get(hash) === undefined ? check.counted(look) : look()), check);
  }

  #accept(token: CheckedToken, { wikiId }: Check): Principal | Promise<Principal> {
    const { now } = this.#options.runtime;
    const uuid = token.record.wiki === '*' ? '*' : wikiId.peek();
    if (uuid !== undefined) return judge(token, uuid, now());
    return wikiId().then(found => judge(token, found, now()));
  }

  /** The clock may have been set back: then an answer has no age that counts. */
  #age(checkedMs = Number.NaN): number {
    const ageMs = this.#options.runtime.now() - checkedMs;
    return ageMs >= 0 ? ageMs : Number.NaN;
  }

  /** Those who ask for one token at once share the answer. */
  #ask(hash: string): Promise<CheckedToken | undefined> {
    const asking = this.#asking.get(hash) ?? this.#request(hash);
    this.#asking.set(hash, asking);
    const end = () => {
      if (this.#asking.get(hash) === asking) this.#asking.delete(hash);
    };
    asking.then(end, end);
    return asking;
  }

  async #request(hash: string): Promise<CheckedToken | undefined> {
    const { runtime, store } = this.#options;
    const opened = await store();
    const known = this.#known.get(hash);
    const changes = this.#changes;
    const checkedMs = runtime.now();
    const found = await opened.get(tokenKey(hash), known === undefined ? {} : { ifNoneMatch: known.version });
    const keep = (next: Known) => {
      if (changes === this.#changes) this.#known.set(hash, next, 1);
      return next.token;
    };
    if (found.kind === 'unchanged' && known !== undefined) return keep({ ...known, checkedMs });
    if (found.kind === 'found') {
      const record = tokenFormat.decode(found.bytes).body;
      const token = { record, principal: tokenPrincipal(record) };
      return keep({ token, version: found.version, checkedMs });
    }
    if (changes !== this.#changes) return undefined;
    this.#known.delete(hash);
    this.#unknown.set(hash, checkedMs, 1);
    return undefined;
  }
}

import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { Runtime } from '../../core/runtime.ts';
import { keysUnavailable } from '../errors.ts';
import { fetchJson } from './fetch-json.ts';

/** After this the keys are read again. */
const FRESH_MS = 10 * 60_000;
/** For so long the keys count when the issuer cannot be asked. */
const STALE_MS = 60 * 60_000;
/** For the sake of keys that are not among them they are read this often at most. */
const COOLDOWN_MS = 30_000;
/** An issuer that failed is left alone for so long. */
const PAUSE_MS = 5_000;
const TIMEOUT_MS = 5_000;

/** Finds the key that a JWT is signed with. */
export type FindKey = ReturnType<typeof createLocalJWKSet>;

/** The public keys of an issuer, read when they are first needed. Whoever needs them at the same time shares one request. */
export class IssuerKeys {
  readonly #url: string;
  readonly #runtime: Pick<Runtime, 'now'>;
  #known: { find: FindKey; readMs: number } | undefined;
  #reading: Promise<void> | undefined;
  #failure: { cause: unknown; atMs: number } | undefined;

  constructor(url: string, runtime: Pick<Runtime, 'now'>) {
    this.#url = url;
    this.#runtime = runtime;
  }

  /** @throws KittiwakeError `keys_unavailable` */
  async find(): Promise<FindKey> {
    if (this.#ageMs() >= FRESH_MS) await this.#renew();
    if (this.#known !== undefined && this.#ageMs() < STALE_MS) return this.#known.find;
    throw this.#unavailable();
  }

  /**
   * The keys as they are now, for a JWT whose key is not among those that were known; undefined when they were read lately.
   * @throws KittiwakeError `keys_unavailable`
   */
  async renewed(): Promise<FindKey | undefined> {
    if (this.#ageMs() < COOLDOWN_MS) return undefined;
    await this.#renew();
    if (this.#ageMs() >= COOLDOWN_MS) throw this.#unavailable();
    return this.#known?.find;
  }

  #ageMs(): number {
    return this.#known === undefined ? Number.POSITIVE_INFINITY : this.#runtime.now() - this.#known.readMs;
  }

  /** Leaves what is known as it is when the issuer cannot be asked. */
  async #renew(): Promise<void> {
    const { now } = this.#runtime;
    if (this.#failure !== undefined && now() - this.#failure.atMs < PAUSE_MS) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { now } = this.#runtime;
    const readMs = now();
    try {
      const find = createLocalJWKSet((await fetchJson(this.#url, TIMEOUT_MS)) as JSONWebKeySet);
      this.#known = { find, readMs };
      this.#failure = undefined;
    } catch (cause) {
      this.#failure = { cause, atMs: now() };
    }
  }

  #unavailable() {
    return keysUnavailable(this.#url, PAUSE_MS, this.#failure?.cause);
  }
}

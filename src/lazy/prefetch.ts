import type { ByteStore, GetOutcome } from '../storage/byte-store.ts';
import type { EarlyRead } from '../swap/mirror.ts';
import type { Environment } from './environment.ts';
import type { Lazy } from './lazy.ts';

export interface PrefetchOptions {
  environment: Environment;
  store: Lazy<ByteStore>;
  wikiId: Lazy<string>;
  /** How many requests have come until now. */
  arrivals(): number;
}

/**
 * Reads the ledger while the code that understands it is loaded. What was begun fails silently: whoever needs the ledger then
 * asks for it in the ordinary way.
 */
export class Prefetch {
  readonly #options: PrefetchOptions;
  #early: EarlyRead | undefined;
  #running: Promise<unknown> | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: PrefetchOptions) {
    this.#options = options;
  }

  /** Begins, unless that was done. Returns at once and never throws. */
  start(): void {
    if (this.#running !== undefined || this.#early !== undefined) return;
    const sent = { ms: 0, arrivals: Number.NaN };
    let hasSent = () => {};
    this.#sending = new Promise(resolve => {
      hasSent = resolve;
    });
    const outcome = this.#ask(sent, hasSent);
    const { arrivals } = this.#options;
    const early = { outcome, sentMs: () => sent.ms, isCurrent: () => arrivals() === sent.arrivals };
    this.#early = early;
    this.#running = outcome
      .catch(() => {
        if (this.#early === early) this.#early = undefined;
      })
      .finally(() => {
        hasSent();
        this.#running = undefined;
      });
  }

  async #ask(sent: { ms: number; arrivals: number }, hasSent: () => void): Promise<GetOutcome> {
    const { environment, store, wikiId, arrivals } = this.#options;
    const { runtime } = environment;
    const opened = await store();
    // A uuid is known at once; a name is looked up, and that is under way then.
    const naming = wikiId();
    if ((await Promise.race([naming, runtime.turn()])) === undefined) hasSent();
    const uuid = await naming;
    sent.ms = runtime.now();
    sent.arrivals = arrivals();
    const outcome = opened.get(`ledger/${uuid}`);
    // So that the connection is under way: nothing gets a turn while a module is loaded and evaluated.
    await Promise.race([outcome, runtime.turn()]);
    hasSent();
    return await outcome;
  }

  /** Resolves when the reading is under way, or has failed; undefined when there is none. Loading code should wait for it. */
  sent(): Promise<void> | undefined {
    return this.#sending;
  }

  /** The reading, for the one who opens the repository. */
  take(): EarlyRead | undefined {
    const early = this.#early;
    this.#early = undefined;
    return early;
  }

  /** Undefined when nothing is under way; else resolves when nothing is any more. */
  settled(): Promise<unknown> | undefined {
    return this.#running;
  }
}

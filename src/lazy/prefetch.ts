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

  constructor(options: PrefetchOptions) {
    this.#options = options;
  }

  /** Begins, unless that was done. Returns at once and never throws. */
  start(): void {
    if (this.#running !== undefined || this.#early !== undefined) return;
    const sent = { ms: 0, arrivals: Number.NaN };
    const outcome = this.#ask(sent);
    const { arrivals } = this.#options;
    const early = { outcome, sentMs: () => sent.ms, isCurrent: () => arrivals() === sent.arrivals };
    this.#early = early;
    this.#running = outcome
      .catch(() => {
        if (this.#early === early) this.#early = undefined;
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #ask(sent: { ms: number; arrivals: number }): Promise<GetOutcome> {
    const { environment, store, wikiId, arrivals } = this.#options;
    const [opened, uuid] = await Promise.all([store(), wikiId()]);
    sent.ms = environment.runtime.now();
    sent.arrivals = arrivals();
    return opened.get(`ledger/${uuid}`);
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

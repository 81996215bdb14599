import type { Runtime } from '../core/runtime.ts';

/** How often a busy pipeline looks at deadlines: how late, at most, a deadline takes effect during a call. */
const LOOK_EVERY_MS = 500;

export interface PatienceOptions {
  runtime: Runtime;
  timedOut: (timeoutMs: number) => Error;
  /** Called at each look; answers whether there is anything left to look after. */
  look: (nowMs: number) => boolean;
  /** The next moment at which `look` has something to do, if any. */
  nextMs: () => number;
}

/**
 * Bounds waits by one coarse timer, which runs only while there is something to wait for: no timer for each intent or
 * call, and none left behind for longer than half a second.
 */
export class Patience {
  readonly #options: PatienceOptions;
  #watching = false;
  #giveUpMs = Number.POSITIVE_INFINITY;
  #giveUp: (() => void) | undefined;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** Resolves or rejects as `call` does, or rejects when that takes longer than `timeoutMs`. One wait at a time. */
  bounded<T>(call: Promise<T>, timeoutMs: number): Promise<T> {
    this.#giveUpMs = this.#options.runtime.now() + timeoutMs;
    return new Promise((resolve, reject) => {
      this.#giveUp = () => reject(this.#options.timedOut(timeoutMs));
      call.then(resolve, reject);
    });
  }

  /** Starts looking, if nobody does. */
  watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    void this.#watch();
  }

  async #watch(): Promise<void> {
    const { runtime, look, nextMs } = this.#options;
    do {
      await runtime.sleep(Math.max(1, Math.min(LOOK_EVERY_MS, nextMs() - runtime.now())));
      if (runtime.now() >= this.#giveUpMs) {
        this.#giveUpMs = Number.POSITIVE_INFINITY;
        this.#giveUp?.();
      }
    } while (look(runtime.now()));
    this.#watching = false;
  }
}

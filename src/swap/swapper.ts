import type { Runtime } from '../core/runtime.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { type Causes, UNCOUNTED } from './causes.ts';
import { createObject } from './create.ts';
import { type EarlyRead, type Known, Mirror } from './mirror.ts';
import { Pipeline } from './pipeline.ts';
import type { Format, Held, Intent, Swap, SwapCounters, SwapHooks } from './swap.ts';

const DEADLINE_MS = 25_000;
const CALL_TIMEOUT_MS = 10_000;

export interface SwapOptions<V> {
  store: ByteStore;
  /** Where the object lies. */
  key: string;
  format: Format<V>;
  runtime: Runtime;
  hooks?: SwapHooks<V>;
  /** The store answers reads in far less time than puts, as a disk does. Default: false. */
  local?: boolean;
  /** How long an intent without a deadline of its own waits. Default: 25,000 ms. */
  deadlineMs?: number;
  /** A reading of the object that was begun before; see {@link EarlyRead}. */
  early?: EarlyRead | undefined;
  /** Default: callers are not told apart. */
  causes?: Causes | undefined;
  /** After how long a call of the store is given up; of a put, the outcome is then unknown. Default: 10,000 ms. */
  callTimeoutMs?: number;
}

/** The object under `key`, changed by compare-and-swap. One for each object and process: it gathers intents. */
export function createSwap<V>(options: SwapOptions<V>): Swap<V> {
  return new Swapper(options);
}

class Swapper<V> implements Swap<V> {
  readonly counters: SwapCounters = { gets: 0, puts: 0, conflicts: 0, unknowns: 0, intents: 0 };
  readonly #options: SwapOptions<V>;
  readonly #causes: Causes;
  readonly #mirror: Mirror<V>;
  readonly #pipeline: Pipeline<V>;
  #asking: { sentMs: number; known: Promise<Known<V> | undefined> } | undefined;

  constructor(options: SwapOptions<V>) {
    const { hooks = {}, local = false, callTimeoutMs = CALL_TIMEOUT_MS, causes = UNCOUNTED } = options;
    const { counters } = this;
    this.#options = options;
    this.#causes = causes;
    this.#mirror = new Mirror({ ...options, counters });
    this.#pipeline = new Pipeline({
      ...options,
      hooks,
      local,
      callTimeoutMs,
      counters,
      causes,
      mirror: this.#mirror,
    });
  }

  held(): Held<V> | undefined {
    return this.#mirror.known;
  }

  async read(maxAgeMs = 0): Promise<Held<V> | undefined> {
    if (maxAgeMs <= 0) return this.#mirror.refresh();
    const sinceMs = this.#options.runtime.now() - maxAgeMs;
    const { known } = this.#mirror;
    if (known !== undefined && known.checkedMs >= sinceMs) return known;
    if (this.#asking !== undefined && this.#asking.sentMs >= sinceMs) return this.#asking.known;
    return this.#ask();
  }

  create(value: V): Promise<Held<V>> {
    return createObject(value, {
      ...this.#options,
      mirror: this.#mirror,
      counters: this.counters,
      deadlineMs: this.#options.runtime.now() + this.#limitMs(),
      callTimeoutMs: this.#options.callTimeoutMs ?? CALL_TIMEOUT_MS,
    });
  }

  submit<R>(intent: Intent<V, R>): Promise<R> {
    const submittedMs = this.#options.runtime.now();
    return new Promise((resolve, reject) => {
      this.#pipeline.add({
        intent,
        submittedMs,
        submittedTick: this.#mirror.tick(),
        deadlineMs: intent.deadlineMs ?? submittedMs + this.#limitMs(),
        cause: this.#causes.current(),
        base: undefined,
        tried: false,
        losses: 0,
        answered: false,
        resolve: resolve as (result: unknown) => void,
        reject,
      });
    });
  }

  /** Asks the store; others who may make do with the answer share it. */
  async #ask(): Promise<Known<V> | undefined> {
    const asking = { sentMs: this.#options.runtime.now(), known: this.#mirror.refresh() };
    this.#asking = asking;
    try {
      return await asking.known;
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
  }

  #limitMs(): number {
    return this.#options.deadlineMs ?? DEADLINE_MS;
  }
}

import { Lru } from '../../core/lru.ts';

export interface RateLimiterOptions {
  perMinute: number;
  /** How many may come at once. Default: a minute's. */
  burst?: number;
  /** Most callers that are remembered; of more, those are forgotten that did not come for long. Default: 10,000. */
  maxCallers?: number;
  /** Milliseconds. */
  now(): number;
}

interface Bucket {
  left: number;
  atMs: number;
}

/**
 * Token buckets by caller, in memory: each fills up evenly and holds `burst` at most. A caller that is forgotten begins with a full
 * one.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #burst: number;
  readonly #buckets: Lru<string, Bucket>;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#burst = options.burst ?? options.perMinute;
    this.#buckets = new Lru(options.maxCallers ?? 10_000);
  }

  /** Counts a request. Undefined when it may go on; else nothing is counted, and it may come again in so many milliseconds. */
  take(caller: string): number | undefined {
    const bucket = this.#filled(caller);
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return undefined;
    }
    return Math.ceil(((1 - bucket.left) * 60_000) / this.#options.perMinute);
  }

  /** Takes a count back. */
  give(caller: string): void {
    const bucket = this.#filled(caller);
    bucket.left = Math.min(this.#burst, bucket.left + 1);
  }

  #filled(caller: string): Bucket {
    const { now, perMinute } = this.#options;
    const nowMs = now();
    const known = this.#buckets.get(caller);
    if (known !== undefined) {
      const passedMs = Math.max(0, nowMs - known.atMs);
      known.left = Math.min(this.#burst, known.left + (passedMs * perMinute) / 60_000);
      known.atMs = nowMs;
      return known;
    }
    const bucket = { left: this.#burst, atMs: nowMs };
    this.#buckets.set(caller, bucket, 1);
    return bucket;
  }
}

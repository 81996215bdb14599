import { isKittiwakeError } from '../../core/errors.ts';
import { rateLimited } from '../errors.ts';
import { RateLimiter } from './rate-limiter.ts';

/** Of one address. */
const PER_ADDRESS = 60;
/** Of one e-mail address from one address. */
const PER_ACCOUNT = 10;
/** Of all: what strangers may make this process ask the store. */
const PER_PROCESS = 3_000;
const BURST_OF_PROCESS = 100;

/**
 * Attempts to be recognised that failed, or are under way, a minute. In memory, for this process. What is known already, the shared
 * keys and tokens in the cache, is not asked about.
 */
export class FailedAttempts {
  readonly #byAddress: RateLimiter;
  readonly #byAccount: RateLimiter;
  readonly #all: RateLimiter;

  constructor(now: () => number) {
    this.#byAddress = new RateLimiter({ perMinute: PER_ADDRESS, now });
    this.#byAccount = new RateLimiter({ perMinute: PER_ACCOUNT, now });
    this.#all = new RateLimiter({ perMinute: PER_PROCESS, burst: BURST_OF_PROCESS, maxCallers: 1, now });
  }

  /**
   * Runs an attempt, and counts it unless it succeeds or fails for another reason than that it is refused.
   * @param account that the attempt is at
   * @throws KittiwakeError `rate_limited`; what `attempt` throws
   */
  async counted<T>(address: string, account: string | undefined, attempt: () => Promise<T>): Promise<T> {
    const back = this.#begin(address, account);
    try {
      const result = await attempt();
      back();
      return result;
    } catch (error) {
      if (!isKittiwakeError(error, 'auth_invalid')) back();
      throw error;
    }
  }

  /** Counts at once, so that many attempts side by side are no way around; what is returned takes that back. */
  #begin(address: string, account: string | undefined): () => void {
    const places: [RateLimiter, string][] = [
      [this.#byAddress, address],
      [this.#all, ''],
    ];
    if (account !== undefined) places.push([this.#byAccount, `${address} ${account}`]);
    const taken: typeof places = [];
    const back = () => {
      for (const [limiter, key] of taken) limiter.give(key);
    };
    for (const [limiter, key] of places) {
      const waitMs = limiter.take(key);
      if (waitMs !== undefined) {
        back();
        throw rateLimited(waitMs);
      }
      taken.push([limiter, key]);
    }
    return back;
  }
}

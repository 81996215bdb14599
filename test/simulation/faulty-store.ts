import { KittiwakeError } from '../../src/core/errors.ts';
import type { ByteStore, PutCondition, PutOutcome } from '../../src/storage/byte-store.ts';
import type { Cloud } from './cloud.ts';
import { found, listed, uploadUnused } from './direct-store.ts';
import { type Faults, LATE_MAX_MS } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface FaultyStoreOptions {
  scheduler: Scheduler;
  cloud: Cloud;
  process: SimulatedProcess;
  /** Asked at each call. */
  faults: () => Faults;
  /** After how long a call is given up that is never answered. Default: the caller waits for ever. */
  giveUpMs?: number | undefined;
}

/**
 * The store as one process reaches it. What it sends takes effect in the cloud whether or not the process is still there
 * to hear of it.
 */
export function faultyStore(options: FaultyStoreOptions): ByteStore {
  const calls = new Calls(options);
  return {
    location: `simulated:${options.process.name}`,
    get: (key, asked = {}) => calls.read(() => found(options.cloud, key, asked)),
    put: (key, body, condition) => calls.put(key, Buffer.concat(body), condition),
    list: (prefix, asked = {}) => calls.read(() => listed(options.cloud, prefix, asked)),
    delete: keys =>
      calls.read(() => {
        for (const key of keys) options.cloud.delete(key);
      }),
    upload: uploadUnused,
  };
}

class Calls {
  readonly #options: FaultyStoreOptions;

  constructor(options: FaultyStoreOptions) {
    this.#options = options;
  }

  /** An operation that answers or fails; the store does it at one moment between. */
  read<T>(operate: () => T): Promise<T> {
    const faults = this.#options.faults();
    return new Promise((resolve, reject) => {
      this.#options.scheduler.after(this.#oneWayMs(faults), () => {
        const failed = this.#chance(faults.getFails);
        const outcome = failed ? undefined : operate();
        const fail = () =>
          reject(new KittiwakeError('storage_failed', 'Reading: the simulated store failed'));
        this.#deliver(faults, () => (failed ? fail() : resolve(outcome as T)), fail);
      });
    });
  }

  put(key: string, body: Buffer, condition: PutCondition): Promise<PutOutcome> {
    const faults = this.#options.faults();
    const land = (): PutOutcome => this.#options.cloud.put(key, [body], condition);
    if (this.#chance(faults.putRefused)) return this.#refusal(faults);
    if (this.#chance(faults.putLost)) return this.#answer(faults, unknown);
    if (this.#chance(faults.putUnanswered)) return this.#answer(faults, () => land() && unknown());
    if (this.#chance(faults.putLate)) return this.#late(faults, land, unknown());
    if (this.#chance(faults.putDoubled)) return this.#doubled(faults, land);
    if ('immutable' in condition) return this.#answer(faults, land);
    if (this.#chance(faults.putConcurrent)) return this.#answer(faults, concurrent);
    if (this.#chance(faults.putConcurrentLate)) return this.#late(faults, land, concurrent());
    return this.#answer(faults, land);
  }

  #answer(faults: Faults, operate: () => PutOutcome): Promise<PutOutcome> {
    const { scheduler } = this.#options;
    return new Promise(resolve => {
      scheduler.after(this.#oneWayMs(faults), () => {
        const outcome = operate();
        this.#deliver(
          faults,
          () => resolve(outcome),
          () => resolve(unknown()),
        );
      });
    });
  }

  #late(faults: Faults, land: () => PutOutcome, told: PutOutcome): Promise<PutOutcome> {
    const { prng } = this.#options.process;
    const latestMs = prng.pick([100, 2_000, 30_000, LATE_MAX_MS]);
    this.#options.scheduler.after(prng.between(0, latestMs), land);
    return this.#answer(faults, () => told);
  }

  #doubled(faults: Faults, land: () => PutOutcome): Promise<PutOutcome> {
    const { prng } = this.#options.process;
    if (prng.chance(0.5)) {
      this.#options.scheduler.after(prng.between(0, 2_000), land);
      return this.#answer(faults, land);
    }
    return this.#answer(faults, () => {
      land();
      return land();
    });
  }

  #refusal(faults: Faults): Promise<PutOutcome> {
    return new Promise((_, reject) => {
      this.#deliver(faults, () =>
        reject(
          new KittiwakeError('storage_failed', 'Writing: the simulated store refused, nothing was written'),
        ),
      );
    });
  }

  #deliver(faults: Faults, hear: () => void, giveUp = () => {}): void {
    const { process, giveUpMs } = this.#options;
    if (!this.#chance(faults.unheard)) process.deliver(this.#oneWayMs(faults), hear);
    else if (giveUpMs !== undefined) process.deliver(giveUpMs, giveUp);
  }

  #oneWayMs(faults: Faults): number {
    const { prng } = this.#options.process;
    if (prng.chance(faults.slow)) return prng.between(0, faults.slowMs);
    return prng.between(...faults.latencyMs);
  }

  #chance(probability: number): boolean {
    return probability > 0 && this.#options.process.prng.chance(probability);
  }
}

function unknown(): PutOutcome {
  return { kind: 'unknown', cause: new Error('500 from the simulated store') };
}

function concurrent(): PutOutcome {
  return { kind: 'conflict', reason: 'concurrent' };
}

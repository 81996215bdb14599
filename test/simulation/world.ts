import type { ByteStore } from '../../src/storage/byte-store.ts';
import { Cloud } from './cloud.ts';
import { calm, type Faults, outage, stormy } from './faults.ts';
import { type FaultyStoreOptions, faultyStore } from './faulty-store.ts';
import { Prng } from './prng.ts';
import { Scheduler } from './scheduler.ts';
import { SimulatedProcess } from './simulated-process.ts';

export type Climate = 'calm' | 'stormy';

/** How a process reaches the cloud. */
export type MakeStore = (options: FaultyStoreOptions) => ByteStore;

/** The longest pause. */
const PAUSE_MAX_MS = 600_000;
const MAX_EVENTS = 100_000;
/** By then, calls that began in bad times are given up. */
const SETTLING_MS = 120_000;

export interface WorldOptions {
  seed: number;
  climate: Climate;
  /** How long processes are paused and killed, and outages begin. Default: 120,000 ms. */
  troubleMs?: number;
  /** A run that has not ended after so many events never will. Default: 100,000. */
  maxEvents?: number;
  /** After how long the stores give up calls that are never answered. Default: never. */
  giveUpMs?: number;
  /** Default: stores without a backend's code. */
  makeStore?: MakeStore | undefined;
}

/** What every simulation needs, whatever runs in it: virtual time, one cloud, processes, and trouble. */
export class World {
  readonly prng: Prng;
  readonly scheduler = new Scheduler();
  readonly cloud = new Cloud(() => this.scheduler.nowMs);
  readonly processes: SimulatedProcess[] = [];
  #ordinary: Faults;
  readonly #troubleMs: number;
  readonly #maxEvents: number;
  readonly #giveUpMs: number | undefined;
  readonly #climate: Climate;
  readonly #makeStore: MakeStore;
  #faults: Faults;
  #troubled: boolean;

  constructor(options: WorldOptions) {
    this.prng = new Prng(options.seed);
    this.#giveUpMs = options.giveUpMs;
    this.#climate = options.climate;
    this.#makeStore = options.makeStore ?? faultyStore;
    this.#troubled = options.climate === 'stormy';
    this.#troubleMs = options.troubleMs ?? 120_000;
    this.#maxEvents = options.maxEvents ?? MAX_EVENTS;
    this.#ordinary = options.climate === 'calm' ? calm() : stormy(this.prng);
    this.#faults = this.#ordinary;
  }

  /** False when the time of pauses, deaths and faults is over. */
  get troubled(): boolean {
    return this.#troubled;
  }

  /** A new process, and the store as it reaches it. */
  spawn(): { process: SimulatedProcess; store: ByteStore } {
    const { scheduler, cloud } = this;
    const process = new SimulatedProcess(`process-${this.processes.length}`, scheduler, this.prng.fork());
    this.processes.push(process);
    const faults = () => this.#faults;
    const store = this.#makeStore({ scheduler, cloud, process, faults, giveUpMs: this.#giveUpMs });
    return { process, store };
  }

  /**
   * Runs until nothing is left to happen, the late landings included. In a stormy climate processes are paused and killed
   * for a while; `replace` is called for each that was killed. When all that is over, and nothing fails any more,
   * `afterwards` is called once: what does not work then never will.
   * @throws Error when there is no end
   */
  async run({ replace, afterwards }: { replace: () => void; afterwards: () => void }): Promise<void> {
    if (this.#climate === 'stormy') this.#trouble(this.scheduler.nowMs + this.#troubleMs, replace);
    this.scheduler.after(this.#troubleMs + PAUSE_MAX_MS, () => {
      this.#ordinary = calm();
      this.#faults = calm();
      this.#troubled = false;
      this.scheduler.after(SETTLING_MS, afterwards);
    });
    await this.scheduler.run({ maxEvents: this.#maxEvents });
  }

  #trouble(untilMs: number, replace: () => void): void {
    const { prng, scheduler } = this;
    const meanMs = prng.pick([2_000, 10_000, 60_000]);
    const happen = (): void => {
      if (scheduler.nowMs > untilMs) return;
      this.#happen(replace);
      scheduler.after(prng.between(0, 2 * meanMs), happen);
    };
    scheduler.after(prng.between(0, 2 * meanMs), happen);
  }

  #happen(replace: () => void): void {
    const { prng, scheduler } = this;
    const kind = prng.random();
    const victim = prng.pick(this.processes);
    if (kind < 0.5) {
      victim.pause(prng.between(0, prng.pick([500, 5_000, 60_000, PAUSE_MAX_MS])));
    } else if (kind < 0.7) {
      if (!victim.alive) return;
      victim.kill();
      replace();
    } else {
      this.#faults = outage(this.#ordinary);
      scheduler.after(prng.between(0, 20_000), () => {
        this.#faults = this.#ordinary;
      });
    }
  }
}

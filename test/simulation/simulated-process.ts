import type { Runtime } from '../../src/core/runtime.ts';
import type { Prng } from './prng.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * A process: code that goes on only when something it waits for comes back to it. Paused, it hears of everything later;
 * killed, of nothing any more. What it sent before is on its way all the same.
 */
export class SimulatedProcess {
  readonly name: string;
  readonly prng: Prng;
  readonly runtime: Runtime;
  /** All pauses so far. */
  pausedMs = 0;
  readonly #scheduler: Scheduler;
  readonly #skewMs: number;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #alive = true;

  constructor(name: string, scheduler: Scheduler, prng: Prng) {
    this.name = name;
    this.prng = prng;
    this.#scheduler = scheduler;
    this.#skewMs = prng.int(-5_000, 5_000);
    this.runtime = {
      now: () => Math.floor(scheduler.nowMs) + this.#skewMs,
      sleep: ms => this.#wait(ms),
      turn: () => this.#wait(prng.between(0, 0.05)),
      random: () => prng.random(),
      randomBytes: count => prng.bytes(count),
    };
  }

  /** The time of the simulation, which is not what the clock of the process shows. */
  get nowMs(): number {
    return this.#scheduler.nowMs;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Hears of nothing for `ms` from now on. */
  pause(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#scheduler.nowMs + ms);
    this.pausedMs += ms;
  }

  kill(): void {
    this.#alive = false;
  }

  /** Runs `run` in this process after `delayMs`, or when its pause ends, or never. */
  deliver(delayMs: number, run: () => void): void {
    this.#scheduler.after(delayMs, () => {
      if (!this.#alive) return;
      const leftMs = this.#pausedUntilMs - this.#scheduler.nowMs;
      if (leftMs > 0) this.deliver(leftMs, run);
      else run();
    });
  }

  #wait(ms: number): Promise<void> {
    return new Promise(resolve => this.deliver(ms, resolve));
  }
}

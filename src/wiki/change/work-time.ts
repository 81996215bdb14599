import type { Runtime } from '../../core/runtime.ts';
import { deadlineExceeded } from '../errors.ts';

/** How long others wait at most, in milliseconds, while work is done step by step. */
const SLICE_MS = 5;

/** What is left to store the result in: this part of the time, or this many milliseconds where that is less. */
const RESERVE_PART = 0.1;
const RESERVE_MS = 1_000;

/** Divides the work of one attempt into slices, between which others run, and ends it when its time is up. */
export class WorkTime {
  readonly #runtime: Runtime;
  readonly #endMs: number;
  #sliceMs: number;

  /** @param deadlineMs when the caller stops waiting, in runtime milliseconds; default: never */
  constructor(runtime: Runtime, deadlineMs = Number.POSITIVE_INFINITY) {
    this.#runtime = runtime;
    this.#sliceMs = runtime.now();
    const limitMs = Math.max(0, deadlineMs - this.#sliceMs);
    this.#endMs = deadlineMs - Math.min(RESERVE_PART * limitMs, RESERVE_MS);
  }

  /** To be called between steps of a millisecond or so. @throws KittiwakeError `deadline_exceeded` */
  async step(): Promise<void> {
    if (this.#runtime.now() - this.#sliceMs < SLICE_MS) return;
    await this.#runtime.turn();
    this.#sliceMs = this.#runtime.now();
    if (this.#sliceMs > this.#endMs) throw deadlineExceeded();
  }
}

import type { Runtime } from '../../core/runtime.ts';

const SLICE_MS = 2;
/** Work goes on for as long as others took, so that it comes to an end however busy they are. */
const PART = 1;
const LONGEST_SLICE_MS = 20;

/** Lets others go first every few milliseconds of a long piece of work. */
export class Pauses {
  readonly #runtime: Runtime;
  #untilMs: number;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#untilMs = runtime.now() + SLICE_MS;
  }

  get due(): boolean {
    return this.#runtime.now() >= this.#untilMs;
  }

  async take(): Promise<void> {
    const beforeMs = this.#runtime.now();
    await this.#runtime.turn();
    const nowMs = this.#runtime.now();
    const sliceMs = Math.min(LONGEST_SLICE_MS, Math.max(SLICE_MS, PART * (nowMs - beforeMs)));
    this.#untilMs = nowMs + sliceMs;
  }
}

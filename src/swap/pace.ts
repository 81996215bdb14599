import type { Runtime } from '../core/runtime.ts';

/** How long contention is remembered after a lost swap, in swaps, and at least in milliseconds. */
const MEMORY_SWAPS = 30;
const MEMORY_MIN_MS = 1_000;
/** Weight of the newest measurement of the length of a swap. */
const NEWEST = 0.25;
const FAILURE_FIRST_MS = 50;
const FAILURE_MAX_MS = 3_000;

/**
 * When the next attempt may start. Without contention and failures: at once. Under contention everybody, the last
 * winner included, waits a random time before asking for the current version and swapping it; old requests wait less.
 */
export class Pace {
  readonly #runtime: Runtime;
  #swapMs = 1;
  #contendedUntilMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #losses = 0;
  #yieldUntilMs = Number.NEGATIVE_INFINITY;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** About how long a put takes, in milliseconds. */
  get swapMs(): number {
    return this.#swapMs;
  }

  contended(nowMs: number): boolean {
    return nowMs < this.#contendedUntilMs;
  }

  won(nowMs: number, tookMs: number): void {
    this.#measured(tookMs);
    this.#failures = 0;
    this.#losses = 0;
    if (this.contended(nowMs)) this.#yieldUntilMs = nowMs + this.#runtime.random() * 2 * this.#swapMs;
  }

  lost(nowMs: number, tookMs: number): void {
    this.#measured(tookMs);
    this.#losses += 1;
    this.#contendedUntilMs = nowMs + Math.max(MEMORY_MIN_MS, MEMORY_SWAPS * this.#swapMs);
  }

  /** A call failed, or its outcome is unknown. */
  failed(): void {
    this.#failures += 1;
  }

  /** Whatever failed before works again. */
  recovered(): void {
    this.#failures = 0;
  }

  /** How long to wait before the next attempt on behalf of a request that is `ageMs` old. */
  delayMs(nowMs: number, ageMs: number): number {
    const random = this.#runtime.random;
    const failureMs = this.#failures === 0 ? 0 : random() * this.#failureWindowMs();
    if (!this.contended(nowMs)) return failureMs;
    const yieldMs = Math.max(0, this.#yieldUntilMs - nowMs);
    const lossMs = this.#losses === 0 ? 0 : random() * this.#lossWindowMs(ageMs);
    return Math.max(failureMs, yieldMs, lossMs);
  }

  /** What a caller that was refused should wait before it tries again. */
  retryAfterMs(): number {
    return Math.ceil(Math.max(1_000, 4 * this.#swapMs));
  }

  #failureWindowMs(): number {
    return Math.min(FAILURE_MAX_MS, FAILURE_FIRST_MS * 2 ** (this.#failures - 1));
  }

  #lossWindowMs(ageMs: number): number {
    const window = this.#swapMs * 2 ** Math.min(this.#losses, 5);
    return Math.max(this.#swapMs, window / (1 + ageMs / (20 * this.#swapMs)));
  }

  #measured(tookMs: number): void {
    this.#swapMs = this.#swapMs === 1 ? Math.max(1, tookMs) : this.#swapMs + NEWEST * (tookMs - this.#swapMs);
  }
}

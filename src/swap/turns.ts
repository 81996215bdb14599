import { type Runtime, randomId } from '../core/runtime.ts';
import type { Waiter } from './waiter.ts';

/** So long a request holds back for others in all, however many ask for it. */
const PATIENCE_MS = 2_000;
/** Who was overtaken in a turn asks for another after so many times as long as it had it: others have the most of the time. */
const REST_TIMES = 4;
/** An intent asks for a turn when it was overtaken so often and has waited for so many times as long as others. */
const LOSSES = 3;
const OVERDUE = 3;
/** One that says that it takes long asks earlier. */
const LONG_LOSSES = 1;
const LONG_OVERDUE = 1;
/** How often those who hold back look whether it is over: parts of a try, within bounds. */
const LOOK_PART = 0.5;
const LOOK_MIN_MS = 5;
const LOOK_MAX_MS = 250;
/** With less than so many tries left before a deadline, nobody holds back. */
const URGENT_TRIES = 4;

/**
 * Turns of those whose intents take long to evaluate. Between their read and their put others get many swaps through, and never
 * learn that they are in the way. So the slow one swaps a version for itself with a mark ({@link Stamp.turn}), which takes it no
 * longer than others their swaps; whoever meets the mark holds back, and the swap that the turn was for removes it.
 *
 * The mark is a request: whether a swap is right never rests on it. No other clock is believed: those who hold back count
 * their own waiting. Who finds that too long goes on, and its swap removes the mark; so one that ended in its turn costs others
 * one such wait.
 */
export class Turns {
  readonly #runtime: Runtime;
  #own: string | undefined;
  #askedMs = 0;
  #nextMs = Number.NEGATIVE_INFINITY;
  /** What was held back since the last swap of one's own that left no mark. */
  #heldMs = 0;
  #lastHold = { startMs: 0, endMs: 0 };
  #isHolding = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Whether the mark of a version is one's own. */
  isOwn(turn: string | undefined): boolean {
    return turn !== undefined && turn === this.#own;
  }

  /** The mark that a version carries which is made of one with the mark `turn`. */
  after(turn: string | undefined): string | undefined {
    return this.isOwn(turn) || this.#heldMs >= PATIENCE_MS ? undefined : turn;
  }

  /** Takes notice of the mark of the version that is to be formatted on. */
  meet(turn: string | undefined): void {
    if (this.#own === undefined || turn === this.#own) return;
    const nowMs = this.#runtime.now();
    this.#nextMs = nowMs + REST_TIMES * Math.max(0, nowMs - this.#askedMs);
    this.#own = undefined;
  }

  /** A mark of one's own, for a version that is about to be put. */
  ask(): string {
    this.#own = randomId(this.#runtime).slice(0, 16);
    this.#askedMs = this.#runtime.now();
    return this.#own;
  }

  /** The mark did not get through, and will not: nobody held back for it. `isRefused`: nor would one that follows soon. */
  withdraw(isRefused: boolean): void {
    this.#own = undefined;
    if (isRefused) this.#nextMs = this.#runtime.now() + PATIENCE_MS;
  }

  /** One's own requests got through, on a version with the mark `turn`. */
  done(turn: string | undefined): void {
    if (this.after(turn) === undefined) this.#heldMs = 0;
    this.#own = undefined;
    this.#nextMs = Number.NEGATIVE_INFINITY;
  }

  /** Whether one of these needs a turn to get through. `turnMs`: how long others have waited that got through. */
  isNeeded<V>(waiters: readonly Waiter<V>[], turnMs: number): boolean {
    if (this.#own !== undefined || this.#runtime.now() < this.#nextMs) return false;
    return waiters.some(({ answered, intent, losses, submittedMs }) => {
      const [least, overdue] = intent.isLong ? [LONG_LOSSES, LONG_OVERDUE] : [LOSSES, OVERDUE];
      return !answered && losses >= least && this.ageMs(submittedMs) > overdue * turnMs;
    });
  }

  /** For how long to hold back before looking again; 0: not at all. `leftMs`: until the first deadline. */
  pauseMs(turn: string | undefined, leftMs: number, tryMs: number): number {
    const patienceMs = PATIENCE_MS - this.#heldMs;
    const isFree = turn === undefined || this.isOwn(turn);
    if (isFree || patienceMs <= 0 || leftMs <= URGENT_TRIES * tryMs) {
      this.#isHolding = false;
      return 0;
    }
    const lookMs = Math.min(LOOK_MAX_MS, Math.max(LOOK_MIN_MS, LOOK_PART * tryMs));
    return Math.min(lookMs, patienceMs, leftMs - URGENT_TRIES * tryMs);
  }

  /** Holds back for so long. */
  async hold(pauseMs: number): Promise<void> {
    const startMs = this.#runtime.now();
    if (!this.#isHolding) this.#lastHold = { startMs, endMs: startMs };
    this.#isHolding = true;
    const { endMs: sinceMs } = this.#lastHold;
    await this.#runtime.sleep(pauseMs);
    const endMs = this.#runtime.now();
    this.#lastHold.endMs = endMs;
    // A clock that was set back makes no wait longer.
    this.#heldMs += Math.max(pauseMs, endMs - sinceMs);
  }

  /** How long a request has waited, but for what it has held back for others. */
  ageMs(submittedMs: number): number {
    const { startMs, endMs } = this.#lastHold;
    const heldMs = Math.max(0, endMs - Math.max(startMs, submittedMs));
    return Math.max(0, this.#runtime.now() - submittedMs - heldMs);
  }
}

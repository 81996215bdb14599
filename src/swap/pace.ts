import type { Runtime } from '../core/runtime.ts';

/** Tuned in simulation; see docs/decisions/0003-swap-settles-unknown-outcomes.md. A try is a read and a put. */
const TURN_WEIGHT = 0.2;
const LENGTH_WEIGHT = 0.25;
/** Requests begin to try this much before their turn: tries, and the part of a turn. */
const LEAD_TRIES = 2;
const LEAD_PART = 0.08;
/** The widest random wait: tries for the young, the old and the overdue, and the part of a turn. */
const YOUNG_TRIES = 1;
const OLD_TRIES = 0.5;
const OVERDUE_TRIES = 0.02;
const WAIT_PART = 0.5;
const OVERDUE = 0.95;
/** After so many wins in a row at the first try, nobody is in the way, and only this part of a wait is told of. */
const EASY_WINS = 2;
const EASY_PART = 0.3;
/** A request that takes long tells of so many turns, and a try, at most. */
const SLOW_TURNS = 1.5;
/** The winner waits for about so many tries. */
const YIELD_TRIES = 0.6;
/** A read that takes more than this part of a put is sent with the put; later than that, and good for longer, by these parts. */
const DEAR_PART = 0.25;
const AHEAD_PART = 0.05;
const FRESH_PART = 0.1;
/** Contention is remembered for this many puts, or turns. */
const MEMORY_PUTS = 20;
const MEMORY_TURNS = 3;
/** A version confirmed at most this many tries before it was found replaced was replaced by somebody who is busy. */
const BUSY_TRIES = 2;
/** Puts in an unbroken row after which a writer looks whether others are kept out by it; twice as many when there were none. */
const ROW_FIRST = 8;
const ROW_MAX = 64;
const OTHERS_MEMORY_MS = 60_000;
const OTHERS_TRUST_MS = 1_000;
const OTHERS_TRUST_LOCAL_MS = 50;
const LENGTH_MAX_MS = 1_000;
const FAILURE_FIRST_MS = 50;
const FAILURE_MAX_MS = 3_000;
/** Calls take up to so many times as long as on the average. */
const RESERVE = 1.5;
const RETRY_AFTER_MIN_MS = 1_000;

/**
 * When the next attempt may start, and whether it has to ask for the current version first.
 *
 * Without contention: at once, on what is held. Under contention everybody, the last winner included, asks first, and
 * requests are carried out about in the order they came: each version tells how long its request had waited
 * (`nonce.ts`), the average of that is a *turn*, and a request holds back until it is about a turn old.
 */
export class Pace {
  readonly #random: () => number;
  readonly #trustMs: number;
  #putMs = 0;
  #getMs = 0;
  #turnMs = 0;
  #contendedUntilMs = Number.NEGATIVE_INFINITY;
  #othersUntilMs = Number.NEGATIVE_INFINITY;
  #wonMs = Number.NEGATIVE_INFINITY;
  #yieldMs = 0;
  #easyWins = 0;
  #row = 0;
  #rowLimit = ROW_FIRST;
  #failures = 0;

  /** @param local whether the store answers reads in far less time than puts */
  constructor(runtime: Runtime, local: boolean) {
    this.#random = runtime.random;
    this.#trustMs = local ? OTHERS_TRUST_LOCAL_MS : OTHERS_TRUST_MS;
  }

  /** Whether a version that the store confirmed `checkedMs` ago must be confirmed again before it is formatted on. */
  mustAsk(nowMs: number, checkedMs: number): boolean {
    if (nowMs < this.#contendedUntilMs || this.#row >= this.#rowLimit) return true;
    return nowMs < this.#othersUntilMs && nowMs - checkedMs > this.#trustMs;
  }

  /**
   * How long after a put sent at `nowMs` a read should follow, so that both are answered together and the read reaches the
   * store when the put has been there. Undefined: reads are cheap, or nobody is in the way.
   */
  aheadMs(nowMs: number): number | undefined {
    if (nowMs >= this.#contendedUntilMs || this.#getMs < DEAR_PART * this.#putMs) return undefined;
    return Math.max(0, this.#putMs - this.#getMs) + AHEAD_PART * this.#putMs;
  }

  /** When a read must have been sent that is to be formatted on at `nowMs`. */
  freshSinceMs(nowMs: number): number {
    return nowMs - this.#getMs - FRESH_PART * this.#putMs;
  }

  /** A read took from `sentMs` to now. `staleMs`: it found a version replaced that had been confirmed so long before. */
  asked(nowMs: number, sentMs: number, staleMs: number | undefined): void {
    this.#getMs = average(this.#getMs, nowMs - sentMs);
    if (this.#row >= this.#rowLimit) this.#rowLimit = Math.min(ROW_MAX, 2 * this.#rowLimit);
    this.#row = 0;
    if (staleMs !== undefined) this.#sawOthers(nowMs, staleMs);
  }

  /** A version was seen whose request had waited so long. */
  saw(waitedMs: number): void {
    this.#turnMs += TURN_WEIGHT * (waitedMs - this.#turnMs);
  }

  /**
   * What the version made for a request that has waited so long should tell of that. Who gets through again and again at the
   * first try has held back for no reason but the turns seen before, which would else keep themselves up.
   */
  toldMs(waitedMs: number, isFirstTry: boolean): number {
    return isFirstTry && this.#easyWins >= EASY_WINS ? EASY_PART * waitedMs : waitedMs;
  }

  won(nowMs: number, sentMs: number, isFirstTry: boolean): void {
    this.#easyWins = isFirstTry ? this.#easyWins + 1 : 0;
    this.#row = sentMs - this.#wonMs > this.#putMs ? 0 : this.#row + 1;
    this.#wonMs = nowMs;
    this.#putMs = average(this.#putMs, nowMs - sentMs);
    this.#failures = 0;
    this.#yieldMs = nowMs < this.#contendedUntilMs ? YIELD_TRIES * (0.5 + this.#random()) * this.tryMs : 0;
  }

  /** A put sent at `sentMs` met another version; the one it replaces had been confirmed `staleMs` before. */
  lost(nowMs: number, sentMs: number, staleMs: number): void {
    this.#putMs = average(this.#putMs, nowMs - sentMs);
    this.#sawOthers(nowMs, staleMs);
  }

  /** A call failed, or its outcome is unknown. */
  failed(): void {
    this.#failures += 1;
  }

  /** Whatever failed before works again. */
  recovered(): void {
    this.#failures = 0;
  }

  /** What a version tells whose request takes long: not much more than others waited, which need not wait as long for that. */
  slowMs(waitedMs: number): number {
    return Math.min(waitedMs, SLOW_TURNS * this.#turnMs + this.tryMs);
  }

  /** How long to wait before the next attempt on behalf of a request that is `ageMs` old. `isWaitedFor`: others hold back. */
  delayMs(nowMs: number, ageMs: number, isWaitedFor: boolean): number {
    const failureMs = this.#failures === 0 ? 0 : this.#random() * this.#failureWindowMs();
    if (isWaitedFor || nowMs >= this.#contendedUntilMs) return failureMs;
    const yieldMs = Math.min(this.#yieldMs, this.#wonMs + this.#yieldMs - nowMs);
    return Math.max(failureMs, yieldMs, this.#turnDelayMs(ageMs));
  }

  /** Whether `delayMs` is time enough for a read, where others are in the way. */
  isLong(nowMs: number, delayMs: number): boolean {
    return nowMs < this.#contendedUntilMs && delayMs > this.#getMs;
  }

  /** How long those who got through had waited, about. */
  get turnMs(): number {
    return this.#turnMs;
  }

  /** How long a read and a put take together. */
  get tryMs(): number {
    return this.#putMs + this.#getMs;
  }

  /** How long before its deadline a request should look what became of it. */
  reserveMs(): number {
    return RESERVE * this.#getMs;
  }

  /**
   * How long a put that begins at `nowMs` takes, and a read to see what came of it, where others are in the way; else nobody
   * is refused for want of time.
   */
  neededMs(nowMs: number): number {
    return nowMs < this.#contendedUntilMs ? RESERVE * this.tryMs : 0;
  }

  /** What a caller that was refused should wait before it tries again. */
  retryAfterMs(): number {
    return Math.ceil(Math.max(RETRY_AFTER_MIN_MS, this.#turnMs));
  }

  #turnDelayMs(ageMs: number): number {
    const { tryMs } = this;
    const turnMs = this.#turnMs;
    const leftMs = Math.max(0, turnMs - Math.max(LEAD_TRIES * tryMs, LEAD_PART * turnMs) - ageMs);
    const oldTries = ageMs > OVERDUE * turnMs ? OVERDUE_TRIES : OLD_TRIES;
    const windowMs = (leftMs > 0 ? YOUNG_TRIES : oldTries) * tryMs;
    return leftMs + this.#random() * Math.min(windowMs, WAIT_PART * turnMs);
  }

  #sawOthers(nowMs: number, staleMs: number): void {
    this.#othersUntilMs = nowMs + OTHERS_MEMORY_MS;
    this.#rowLimit = ROW_FIRST;
    const busy = staleMs <= BUSY_TRIES * this.tryMs;
    if (!busy && nowMs >= this.#contendedUntilMs) return;
    this.#contendedUntilMs = nowMs + Math.max(MEMORY_PUTS * this.#putMs, MEMORY_TURNS * this.#turnMs);
  }

  #failureWindowMs(): number {
    return Math.min(FAILURE_MAX_MS, FAILURE_FIRST_MS * 2 ** (this.#failures - 1));
  }
}

function average(beforeMs: number, newestMs: number): number {
  const lengthMs = Math.min(LENGTH_MAX_MS, Math.max(0, newestMs));
  return beforeMs === 0 ? lengthMs : beforeMs + LENGTH_WEIGHT * (lengthMs - beforeMs);
}

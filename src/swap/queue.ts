import { isKittiwakeError } from '../core/errors.ts';
import { contention, outcomeUnknown } from './errors.ts';
import type { Known } from './mirror.ts';
import { refuse, type Waiter } from './waiter.ts';

/** The intents of one pipeline, in the order they were submitted, and what they are told when they cannot be carried out. */
export class Queue<V> {
  readonly #key: string;
  readonly #retryAfterMs: () => number;
  #waiters: Waiter<V>[] = [];
  /** The newest failure, told to those who give up. */
  lastFailure: unknown;

  constructor(key: string, retryAfterMs: () => number) {
    this.#key = key;
    this.#retryAfterMs = retryAfterMs;
  }

  get isEmpty(): boolean {
    return this.#waiters.length === 0;
  }

  get length(): number {
    return this.#waiters.length;
  }

  get oldest(): Waiter<V> | undefined {
    return this.#waiters[0];
  }

  add(waiter: Waiter<V>): void {
    this.#waiters.push(waiter);
  }

  filter(wanted: (waiter: Waiter<V>) => boolean): Waiter<V>[] {
    return this.#waiters.filter(wanted);
  }

  /** Forgets those who were answered. */
  tidy(): void {
    this.#waiters = this.#waiters.filter(waiter => !waiter.answered);
  }

  nextDeadlineMs(): number {
    return this.#waiters.reduce(
      (nextMs, waiter) => (waiter.answered ? nextMs : Math.min(nextMs, waiter.deadlineMs)),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Answers those whose deadline has come. */
  expire(nowMs: number): void {
    for (const waiter of this.#waiters) {
      if (waiter.deadlineMs <= nowMs) this.#giveUp(waiter, this.lastFailure);
    }
  }

  /** Refuses those whose deadline comes before `endMs`, and of whom nothing is unsettled. */
  refuseLate(endMs: number): void {
    for (const waiter of this.#waiters) {
      if (waiter.deadlineMs < endMs && waiter.base === undefined) this.#giveUp(waiter, this.lastFailure);
    }
  }

  /** Ends all requests: none can succeed. */
  end(error: unknown): void {
    const gone = isKittiwakeError(error, 'object_lost') || isKittiwakeError(error, 'object_replaced');
    for (const waiter of this.#waiters) {
      if (gone || waiter.base === undefined) refuse(waiter, error);
      else this.#giveUp(waiter, error);
    }
  }

  #giveUp(waiter: Waiter<V>, cause: unknown): void {
    if (waiter.answered) return;
    if (waiter.base === undefined) refuse(waiter, contention(this.#key, this.#retryAfterMs(), cause));
    else refuse(waiter, outcomeUnknown(this.#key, cause));
  }
}

/** True when `waiter` may be formatted on `base`: none of its puts rests on another version. */
export function isReady<V>(waiter: Waiter<V>, base: Known<V>): boolean {
  return !waiter.answered && (waiter.base === undefined || waiter.base.version === base.version);
}

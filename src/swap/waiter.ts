import type { Known } from './mirror.ts';
import type { Intent } from './swap.ts';

/** An intent on its way, and whoever waits for it. */
export interface Waiter<V> {
  readonly intent: Intent<V, unknown>;
  readonly submittedMs: number;
  readonly submittedTick: number;
  readonly deadlineMs: number;
  /** See {@link Causes.current}. */
  readonly cause?: unknown;
  /**
   * The version on which puts that carry this intent were formatted and whose outcome is not settled. All unsettled
   * puts of one intent rest on the same version: a newer one to format on is the proof that settles them. Undefined:
   * the intent is known not to be applied.
   */
  base: Known<V> | undefined;
  /** A put has carried it. */
  tried: boolean;
  /** How many versions of others came before puts that carried it. */
  losses: number;
  answered: boolean;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Answers once; later answers are dropped. */
export function answer<V>(waiter: Waiter<V>, result: unknown): void {
  if (waiter.answered) return;
  waiter.answered = true;
  waiter.resolve(result);
}

/** Answers with an error, once. */
export function refuse<V>(waiter: Waiter<V>, error: unknown): void {
  if (waiter.answered) return;
  waiter.answered = true;
  waiter.reject(error);
}

export function isOpen<V>(waiter: Waiter<V>): boolean {
  return !waiter.answered;
}

/** The only put of these is known to have changed nothing. Members of earlier puts stay, and are tried again. */
export function release<V>(fresh: readonly Waiter<V>[], error: unknown): void {
  for (const waiter of fresh) {
    waiter.base = undefined;
    refuse(waiter, error);
  }
}

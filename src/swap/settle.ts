import { isKittiwakeError } from '../core/errors.ts';
import type { Known } from './mirror.ts';
import { answer, refuse, type Waiter } from './waiter.ts';

/** True for a waiter whose puts rest on another version than `current`: none of them can land any more. */
export function isDecided<V>(waiter: Waiter<V>, current: Known<V>): boolean {
  return !waiter.answered && waiter.base !== undefined && waiter.base.version !== current.version;
}

/**
 * Looks in `current` for the effects of those for whom {@link isDecided} holds. An effect that is not there never will be.
 * An intent whose effect could not be looked for keeps its base, and is looked for again, unless it gave up for good.
 * @returns the number of intents that were found
 * @throws nothing; `failed` is told what a look-up threw
 */
export async function settleAll<V>(
  waiters: readonly Waiter<V>[],
  current: Known<V>,
  failed: (error: unknown) => void,
): Promise<number> {
  const found = await Promise.all(waiters.map(waiter => settleOne(waiter, current, failed)));
  return found.filter(Boolean).length;
}

async function settleOne<V>(
  waiter: Waiter<V>,
  current: Known<V>,
  failed: (error: unknown) => void,
): Promise<boolean> {
  const { base } = waiter;
  if (base === undefined) return false;
  try {
    const result = await waiter.intent.settle(current.value, base.value);
    if (result !== undefined) answer(waiter, result);
    // An answer that was given up meanwhile may come when the intent has been formatted on another version.
    else if (waiter.base === base) {
      waiter.base = undefined;
      waiter.losses += 1;
    }
    return result !== undefined;
  } catch (error) {
    if (isKittiwakeError(error, 'outcome_unknown')) refuse(waiter, error);
    else failed(error);
    return false;
  }
}

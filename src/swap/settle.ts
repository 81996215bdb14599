import type { Known } from './mirror.ts';
import { answer, type Waiter } from './waiter.ts';

/**
 * Looks in `current` for the effects of intents whose puts were formatted on an earlier version. None of those puts can
 * land any more, so an effect that is not there never will be.
 *
 * An intent whose effect could not be looked for keeps its base, and is looked for again.
 * @returns the number of intents that were found
 * @throws nothing; `failed` is told what a look-up threw
 */
export async function settleAll<V>(
  waiters: readonly Waiter<V>[],
  current: Known<V>,
  failed: (error: unknown) => void,
): Promise<number> {
  let found = 0;
  for (const waiter of waiters) {
    const { base } = waiter;
    if (waiter.answered || base === undefined || base.version === current.version) continue;
    try {
      const result = await waiter.intent.settle(current.value, base.value);
      if (result === undefined) {
        waiter.base = undefined;
      } else {
        answer(waiter, result);
        found += 1;
      }
    } catch (error) {
      failed(error);
    }
  }
  return found;
}

/**
 * Tells for which callers the store is asked, where one call serves several of them: for counters by caller. What stands for
 * a caller is the owner's business.
 */
export interface Causes {
  /** What stands for the caller in whose course this is asked; undefined when nobody counts. */
  current(): unknown;
  /** Runs `work` in the course of all these callers. */
  during<R>(causes: readonly unknown[], work: () => R): R;
}

export const UNCOUNTED: Causes = { current: () => undefined, during: (_causes, work) => work() };

/**
 * Tells for which callers the store is asked, where one call serves several of them: for counters by caller. What stands for
 * a caller is the owner's business.
 */
export interface Causes {
  /** What stands for the caller in whose course this is asked; undefined when nobody counts. */
  current(): unknown;
  /** Runs `work` in the course of all these callers. */
  during<R>(causes: readonly unknown[], work: () => R): R;
  /**
   * Told of each put of writes once its outcome is there, before any of them is answered. It must not throw. Absent: nobody
   * counts.
   */
  onPut?(report: PutReport): void;
}

/** What became of one put, which carried the writes of all who were ready. */
export interface PutReport {
  /** Refused: known to have changed nothing. */
  outcome: 'stored' | 'conflict' | 'unknown' | 'refused';
  /** Writes that went out in it; 0 for a put that only rules out that an earlier one lands, or asks for a turn. */
  writes: number;
  /** For whom it was made. */
  causes: readonly unknown[];
  /** Those of them whose write an earlier put had carried. */
  retried: readonly unknown[];
}

export const UNCOUNTED: Causes = { current: () => undefined, during: (_causes, work) => work() };

import type { Prng } from './prng.ts';

/** How badly the network and the store behave: probabilities for each call, and times in milliseconds. */
export interface Faults {
  /** One way, ordinarily: between these. */
  latencyMs: readonly [number, number];
  /** A direction takes up to `slowMs`. */
  slow: number;
  slowMs: number;
  /** The answer to a call never comes. */
  unheard: number;
  /** A read fails. */
  getFails: number;
  /** A put is refused before anything happened, and says so. */
  putRefused: number;
  /** A put does nothing; the answer is unknown. */
  putLost: number;
  /** A put takes effect; the answer is unknown. */
  putUnanswered: number;
  /** A put answers unknown and takes effect up to an hour later, if it still can. */
  putLate: number;
  /** A put arrives twice; either answer comes back. */
  putDoubled: number;
  /** A put answers that another one was going on, and does nothing. */
  putConcurrent: number;
  /** The same, but a copy of it is still on its way. */
  putConcurrentLate: number;
}

export const LATE_MAX_MS = 3_600_000;

const NONE: Faults = {
  latencyMs: [5, 30],
  slow: 0,
  slowMs: 5_000,
  unheard: 0,
  getFails: 0,
  putRefused: 0,
  putLost: 0,
  putUnanswered: 0,
  putLate: 0,
  putDoubled: 0,
  putConcurrent: 0,
  putConcurrentLate: 0,
};

/** Nothing goes wrong but what other writers do. */
export function calm(): Faults {
  return NONE;
}

/** Each kind of fault is absent, rare or common, by chance: different seeds try different mixtures. */
export function stormy(prng: Prng): Faults {
  const some = (): number => prng.pick([0, 0, 0.02, 0.1, 0.3]);
  return {
    latencyMs: prng.pick([
      [0, 1],
      [5, 30],
      [10, 200],
    ] as const),
    slow: some() / 2,
    slowMs: prng.pick([500, 5_000, 60_000]),
    unheard: some() / 4,
    getFails: some(),
    putRefused: some() / 4,
    putLost: some(),
    putUnanswered: some(),
    putLate: some(),
    putDoubled: some(),
    putConcurrent: some(),
    putConcurrentLate: some() / 4,
  };
}

/** Nothing works: every read fails, every put is lost or late. */
export function outage(faults: Faults): Faults {
  return { ...faults, getFails: 0.9, putLost: 0.5, putLate: 0.3, putUnanswered: 0.1, slow: 0.1 };
}

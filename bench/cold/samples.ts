import { percentile } from '../support/statistics.ts';

/** What is measured of one process; times in milliseconds, since its start where nothing else is said. */
export const QUANTITIES = [
  'initMs',
  'firstHealthMs',
  'firstReadMs',
  'firstWriteMs',
  'invokeMs',
  'secondWriteMs',
  'healthProcessorMs',
  'readProcessorMs',
  'writeProcessorMs',
] as const;
export type Quantity = (typeof QUANTITIES)[number];

export interface Percentiles {
  p50: number;
  p90: number;
  p99: number;
}

/** Values by who was measured and what. */
export class Samples {
  readonly #values = new Map<string, number[]>();

  add(who: string, what: string, value: number | undefined): void {
    if (value === undefined) return;
    const key = `${who} ${what}`;
    const values = this.#values.get(key) ?? [];
    this.#values.set(key, values);
    values.push(value);
  }

  /** In the order in which they were measured. */
  of(who: string, what: string): readonly number[] {
    return this.#values.get(`${who} ${what}`) ?? [];
  }

  /** Undefined without samples. */
  percentiles(who: string, what: string): Percentiles | undefined {
    const sorted = this.of(who, what).toSorted((a, b) => a - b);
    if (sorted.length === 0) return undefined;
    const at = (share: number) => percentile(sorted, share);
    return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
  }

  median(who: string, what: string): number | undefined {
    return this.percentiles(who, what)?.p50;
  }

  /** What was measured of `who`. */
  whatOf(who: string): string[] {
    const keys = [...this.#values.keys()].filter(key => key.startsWith(`${who} `));
    return keys.map(key => key.slice(who.length + 1));
  }
}

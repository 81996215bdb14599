import { percentile } from '../support/statistics.ts';
import type { Quantity, Samples } from './samples.ts';

/** What one quantity is beside its reference, both taken of the same round. */
export interface Comparison {
  /** Median of the rounds. */
  ratio: number;
  /** The median is above it with a probability of 99 in 100. */
  atLeast: number;
  /** Median of the reference, in milliseconds. */
  referenceMs: number;
  /** The share of it that is no matter. */
  tolerance: number;
}

/** Ratios by name: `default initMs / empty`. */
export interface Baseline {
  node: string;
  samples: number;
  ratios: Readonly<Record<string, number>>;
}

/** A ratio is worse when it is so by its tolerance, and by as many milliseconds of its reference, and surely so. */
export const LEAST_MS = 3;
/** How often what is sure is wrong. */
const MISSED = 0.01;

/** Processor time depends less on what else the machine does. */
export const TOLERANCES = { time: 0.15, processor: 0.1 } as const;

const COMPARED: readonly { what: Quantity; reference: string; of: keyof typeof TOLERANCES }[] = [
  { what: 'initMs', reference: 'empty', of: 'time' },
  { what: 'firstHealthMs', reference: 'empty', of: 'time' },
  { what: 'firstReadMs', reference: 'empty', of: 'time' },
  { what: 'firstWriteMs', reference: 'bare', of: 'time' },
  { what: 'healthProcessorMs', reference: 'empty', of: 'processor' },
  { what: 'writeProcessorMs', reference: 'bare', of: 'processor' },
];

/** Compares the variants with those that they are held against. What was not measured is left out. */
export function compare(samples: Samples, variants: readonly string[]): Map<string, Comparison> {
  const found = new Map<string, Comparison>();
  for (const variant of variants) {
    for (const { what, reference, of } of COMPARED) {
      const references = samples.of(reference, what);
      const values = samples.of(variant, what).slice(0, references.length);
      const ratios = values.map((value, index) => value / (references[index] ?? Number.NaN));
      const referenceMs = samples.median(reference, what);
      if (ratios.length === 0 || referenceMs === undefined) continue;
      found.set(`${variant} ${what} / ${reference}`, {
        ...middleOf(ratios),
        referenceMs,
        tolerance: TOLERANCES[of],
      });
    }
  }
  return found;
}

function middleOf(values: readonly number[]): Pick<Comparison, 'ratio' | 'atLeast'> {
  const sorted = values.toSorted((a, b) => a - b);
  const atLeast = sorted[sureRank(sorted.length)] ?? Number.NEGATIVE_INFINITY;
  return { ratio: percentile(sorted, 0.5), atLeast };
}

/** Index of the largest of so many sorted samples that is below their median but for one time in a hundred; -1: there is none. */
function sureRank(count: number): number {
  let missed = 0;
  let probability = 0.5 ** count;
  for (let rank = 0; rank < count; rank += 1) {
    missed += probability;
    if (missed > MISSED) return rank - 1;
    probability *= (count - rank) / (rank + 1);
  }
  return count - 1;
}

export function baselineOf(found: ReadonlyMap<string, Comparison>, samples: number): Baseline {
  const ratios = [...found].map(([name, { ratio }]) => [name, Math.round(ratio * 1000) / 1000]);
  return { node: process.version, samples, ratios: Object.fromEntries(ratios) };
}

/** What is worse than it was, a line each; none when all is well. */
export function worseThan(baseline: Baseline, found: ReadonlyMap<string, Comparison>): string[] {
  const lines: string[] = [];
  for (const [name, was] of Object.entries(baseline.ratios)) {
    const now = found.get(name);
    if (now === undefined) lines.push(`${name} was ${was.toFixed(2)}, and is not measured any more`);
    else if (isWorse(was, now)) {
      const ms = (now.ratio - was) * now.referenceMs;
      lines.push(
        `${name} was ${was.toFixed(2)}, it is ${now.ratio.toFixed(2)}: ${ms.toFixed(1)} ms more beside ${now.referenceMs.toFixed(1)} ms`,
      );
    }
  }
  return lines;
}

function isWorse(was: number, { ratio, atLeast, referenceMs, tolerance }: Comparison): boolean {
  const isMore = ratio > was * (1 + tolerance) && (ratio - was) * referenceMs > LEAST_MS;
  return isMore && atLeast > was;
}

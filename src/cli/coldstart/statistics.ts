/** A distribution, in the unit of its samples. Percentiles are samples themselves: nearest rank, nothing interpolated. */
export interface Percentiles {
  min: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/** @throws RangeError when there are no values */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    if (value === undefined) throw new RangeError('A percentile needs at least one value');
    return value;
  };
  return { min: at(0), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** Fewer values on one side say nothing: the approximation of {@link sameSourceProbability} does not hold. */
export const MIN_COMPARED = 8;

/**
 * How probable so great a difference of two sets is if both came from the same source: the two-sided test of Mann and
 * Whitney, which asks for no shape of the distribution; normal approximation, corrected for ties and for continuity.
 */
export function sameSourceProbability(a: readonly number[], b: readonly number[]): number {
  const { rankSum, ties } = ranksOf(a, b);
  const count = a.length + b.length;
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const mean = (a.length * b.length) / 2;
  const variance = ((a.length * b.length) / 12) * (count + 1 - ties / (count * (count - 1)));
  if (!(variance > 0)) return 1;
  const distance = Math.max(0, Math.abs(u - mean) - 0.5) / Math.sqrt(variance);
  return complementaryError(distance / Math.SQRT2);
}

/** Sum of the ranks of `a` among all, equal values sharing theirs; and the sum of t³ − t over the sizes of ties. */
function ranksOf(a: readonly number[], b: readonly number[]): { rankSum: number; ties: number } {
  const all = [...a.map(value => ({ value, own: 1 })), ...b.map(value => ({ value, own: 0 }))];
  all.sort((x, y) => x.value - y.value);
  let [rankSum, ties] = [0, 0];
  for (let start = 0; start < all.length; ) {
    let end = start;
    let own = 0;
    while (end < all.length && all[end]?.value === all[start]?.value) own += all[end++]?.own ?? 0;
    const size = end - start;
    rankSum += own * (start + (size + 1) / 2);
    ties += size ** 3 - size;
    start = end;
  }
  return { rankSum, ties };
}

/** erfc for x ≥ 0, to 1.5e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26. */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const polynomial = coefficients.reduce((sum, each) => sum * t + each, 0) * t;
  return polynomial * Math.exp(-x * x);
}

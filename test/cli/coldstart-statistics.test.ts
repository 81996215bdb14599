import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentilesOf, sameSourceProbability } from '../../src/cli/coldstart/statistics.ts';

describe('percentiles', () => {
  it('are values themselves, by nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentilesOf(values)).toEqual({ min: 1, p50: 100, p90: 180, p99: 198, max: 200 });
    expect(percentilesOf([7])).toEqual({ min: 7, p50: 7, p90: 7, p99: 7, max: 7 });
    expect(() => percentilesOf([])).toThrow(RangeError);
  });
});

describe('the probability that two sets have one source', () => {
  it('is that of a known example, as far as an approximation can', () => {
    // Hollander and Wolfe, also in the manual of R's wilcox.test: W = 35, exactly 0.2544, by this approximation 0.2446.
    const a = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const b = [1.15, 0.88, 0.9, 0.74, 1.21];
    expect(sameSourceProbability(a, b)).toBeCloseTo(0.2446, 3);
  });

  it('is small where nothing overlaps, one where all is equal, and the same from both sides', () => {
    const low = Array.from({ length: 20 }, (_, index) => index);
    const high = low.map(value => value + 100);
    expect(sameSourceProbability(low, high)).toBeLessThan(1e-6);
    expect(sameSourceProbability(high, low)).toBe(sameSourceProbability(low, high));
    expect(sameSourceProbability([1, 1, 1], [1, 1])).toBe(1);
  });

  it('is under one in a hundred about once in a hundred where the source is the same', () => {
    const value = fc.integer({ min: 0, max: 30 });
    const sets = fc.array(value, { minLength: 12, maxLength: 12 });
    const draws = fc.sample(fc.tuple(sets, sets), { numRuns: 4000, seed: 7 });
    const wrong = draws.filter(([a, b]) => sameSourceProbability(a, b) < 0.01).length;
    expect(wrong / draws.length).toBeLessThan(0.015);
    expect(wrong).toBeGreaterThan(0);
  });
});

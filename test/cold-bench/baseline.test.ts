import { describe, expect, test } from 'vitest';
import { type Baseline, baselineOf, compare, worseThan } from '../../bench/cold/baseline.ts';
import { Samples } from '../../bench/cold/samples.ts';

/** As many starts of the empty handler, and of a function whose init takes so many times as long. */
function startsOf(ratios: readonly number[], emptyMs = 50): Samples {
  const samples = new Samples();
  for (const ratio of ratios) {
    samples.add('empty', 'initMs', emptyMs);
    samples.add('default', 'initMs', emptyMs * ratio);
  }
  return samples;
}

const NAME = 'default initMs / empty';
const WAS: Baseline = { node: process.version, samples: 11, ratios: { [NAME]: 1.2 } };

function judged(ratios: readonly number[], emptyMs?: number): string[] {
  return worseThan(WAS, compare(startsOf(ratios, emptyMs), ['default']));
}

function times(count: number, ratio: number): number[] {
  return Array.from({ length: count }, () => ratio);
}

describe('a ratio', () => {
  test('that is worse is named, with what it was and what it is', () => {
    expect(judged(times(11, 1.6))).toEqual([
      'default initMs / empty was 1.20, it is 1.60: 20.0 ms more beside 50.0 ms',
    ]);
  });

  test('that is worse by less than its tolerance is left alone', () => {
    expect(judged(times(11, 1.36))).toEqual([]);
    expect(judged(times(11, 1.4))).toHaveLength(1);
  });

  test('that is worse by less than three milliseconds is left alone', () => {
    expect(judged(times(11, 1.6), 5)).toEqual([]);
    expect(judged(times(11, 1.6), 10)).toHaveLength(1);
  });

  test('that may be worse by chance is left alone', () => {
    expect(judged([...times(2, 1.1), ...times(9, 1.6)])).toEqual([]);
    expect(judged([...times(1, 1.1), ...times(10, 1.6)])).toHaveLength(1);
  });

  test('of few starts is no proof', () => {
    expect(judged(times(6, 3))).toEqual([]);
    expect(judged(times(7, 3))).toHaveLength(1);
  });

  test('is that of the same round: what disturbs both is no matter', () => {
    const samples = new Samples();
    for (const disturbed of [1, 8, 2, 5, 1, 3, 1, 9, 4, 1, 2]) {
      samples.add('empty', 'initMs', 50 * disturbed);
      samples.add('default', 'initMs', 60 * disturbed);
    }
    expect(compare(samples, ['default']).get(NAME)).toMatchObject({ ratio: 1.2, atLeast: 1.2 });
  });

  test('that is not measured any more is told', () => {
    expect(worseThan(WAS, new Map())).toEqual([`${NAME} was 1.20, and is not measured any more`]);
  });
});

test('a baseline holds against the starts that it was made of', () => {
  const found = compare(startsOf([1.1, 1.3, 1.23456, 1.2, 1.25]), ['default']);
  const made = baselineOf(found, 5);
  expect(made).toEqual({ node: process.version, samples: 5, ratios: { [NAME]: 1.235 } });
  expect(worseThan(made, found)).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { report, runSeeds, seedsFrom } from './run-seeds.ts';
import { simulateOutbox } from './simulate-outbox.ts';

const range = seedsFrom(process.env, 400);

describe('an outbox that several processes fill and deliver, through faults, pauses and deaths', () => {
  it('loses no message, and accounts for each that arrives twice', { timeout: 7_200_000 }, async () => {
    let doubled = 0;
    const run = async (seed: number) => {
      const came = await simulateOutbox(seed);
      doubled += came.doubled;
      return came;
    };
    const summary = await runSeeds({ name: 'outbox', run }, range);
    expect(report(summary)).toBe('');
    // Else there would have been nothing to account for.
    if (summary.seeds >= 100) expect(doubled).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { report, runSeeds, seedsFrom } from './run-seeds.ts';
import { simulateState, stateSimulation } from './simulate-state.ts';

describe('transactions on a state in the store, through faults, pauses and deaths', () => {
  it('are kept once or not at all, and their callers are told the truth', {
    timeout: 7_200_000,
  }, async () => {
    const summary = await runSeeds(stateSimulation, seedsFrom(process.env, 100));
    expect(report(summary)).toBe('');
    expect(summary.seeds).toBeGreaterThan(0);
  });

  it('do the same again with the same seed', async () => {
    const first = await simulateState(7);
    expect(await simulateState(7)).toEqual(first);
    expect(await simulateState(9)).not.toEqual(first);
  });
});

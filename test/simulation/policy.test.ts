import { expect, it } from 'vitest';
import { report, runSeeds, seedsFrom } from './run-seeds.ts';
import { policySimulation } from './simulate-policy.ts';

it('changes of a policy are made once and told truly, through faults, pauses, deaths and flushes', {
  timeout: 7_200_000,
}, async () => {
  const summary = await runSeeds(policySimulation, seedsFrom(process.env, 300));
  expect(report(summary)).toBe('');
  expect(summary.seeds).toBeGreaterThan(0);
});

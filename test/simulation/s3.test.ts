import '../../src/git/flush/write-flush.ts';
import { describe, expect, it } from 'vitest';
import { report, runSeeds, seedsFrom } from './run-seeds.ts';
import { s3Simulation, simulateS3 } from './s3-simulations.ts';

describe('writers and wikis over the code of the S3 backend, through faults, pauses and deaths', () => {
  it('lose nothing, repeat nothing and are told the truth', { timeout: 7_200_000 }, async () => {
    const summary = await runSeeds(s3Simulation, seedsFrom(process.env, 24));
    expect(report(summary)).toBe('');
    expect(summary.seeds).toBeGreaterThan(0);
  });

  it('do the same again with the same seed', async () => {
    const first = await simulateS3(9);
    expect(first.answers.collect).toBeGreaterThan(0);
    expect(await simulateS3(9)).toEqual(first);
    expect(await simulateS3(8)).not.toEqual(first);
  });
});

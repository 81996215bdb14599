import { describe, expect, it } from 'vitest';
import { report, runSeeds, seedsFrom } from './run-seeds.ts';
import { documentSimulation } from './simulate-documents.ts';
import { simulateToy, toySimulation } from './simulate-toy.ts';

const range = seedsFrom(process.env, 400);

describe('many writers of one object, through faults, pauses and deaths', () => {
  it('lose nothing, repeat nothing and are told the truth', { timeout: 7_200_000 }, async () => {
    const summary = await runSeeds(toySimulation, range);
    expect(report(summary)).toBe('');
    expect(summary.seeds).toBeGreaterThan(0);
  });

  it('of a document that they race to create fare as well', { timeout: 7_200_000 }, async () => {
    const summary = await runSeeds(documentSimulation, range);
    expect(report(summary)).toBe('');
  });

  it('do the same again with the same seed', async () => {
    const first = await simulateToy(7, 'stormy');
    expect(await simulateToy(7, 'stormy')).toEqual(first);
    expect(await simulateToy(8, 'stormy')).not.toEqual(first);
  });

  it('are all served in time when nothing fails', async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const { answers, puts, landings, fences, marks } = await simulateToy(seed, 'calm', undefined, {
        patient: true,
      });
      expect(
        Object.keys(answers).filter(said => !['applied', 'kept', 'stale'].includes(said)),
        `seed ${seed}`,
      ).toEqual([]);
      // Who was refused in its turn has nothing to put but that it is over.
      expect(fences).toBeLessThanOrEqual(marks);
      expect(landings - fences - marks).toBeLessThanOrEqual(answers.applied ?? 0);
      expect(puts).toBeLessThanOrEqual(4 * landings + 16);
    }
  });
});

import '../../src/git/flush/write-flush.ts';
import { describe, expect, it } from 'vitest';
import { git, temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { exportTo } from '../support/repository.ts';
import { report, runSeeds, seedsFrom } from './run-seeds.ts';
import { simulateWiki, wikiSimulation } from './simulate-wiki.ts';
import { openDirectly } from './wiki-inspection.ts';
import { realSubject } from './wiki-subject.ts';

describe('a wiki with many writers, readers and upkeepers, through faults, pauses and deaths', () => {
  it('loses nothing, repeats nothing and tells the truth', { timeout: 7_200_000 }, async () => {
    const summary = await runSeeds(wikiSimulation, seedsFrom(process.env, 25));
    expect(report(summary)).toBe('');
    expect(summary.seeds).toBeGreaterThan(0);
  });

  it('does the same again with the same seed', async () => {
    const first = await simulateWiki(7);
    expect(await simulateWiki(7)).toEqual(first);
    expect(await simulateWiki(8)).not.toEqual(first);
  });

  it('leaves what native git accepts', async context => {
    needs(context, 'git');
    for (let seed = 101; seed <= 106; seed += 1) {
      const folder = temporaryFolder();
      const { violations } = await simulateWiki(seed, {
        afterwards: world => exportTo(openDirectly(world, 'simulated', realSubject), folder),
      });
      expect(violations, `seed ${seed}`).toEqual([]);
      expect(git(folder, ['fsck', '--full', '--strict']).toString(), `seed ${seed}`).not.toMatch(
        /error|missing/,
      );
    }
  });
});

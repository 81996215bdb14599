import { expect, it } from 'vitest';
import { disturbedLife, expectSame, TELLING, undisturbedLife } from './disturb.ts';

/** More in `disturbed.long.test.ts`. */
const SEEDS = [1, 2, 3, 4];

it('site, index and outbox are the same, byte for byte, whatever disturbs the runs', {
  timeout: 120_000,
}, async () => {
  let deaths = 0;
  for (const seed of SEEDS) {
    const life = { seed, commits: 12 };
    const wanted = await undisturbedLife(life);
    for (const prefix of TELLING)
      expect(Object.keys(wanted).filter(key => key.startsWith(prefix)).length, prefix).toBeGreaterThan(2);
    const found = await disturbedLife(life);
    deaths += found.deaths;
    expectSame(found.dump, wanted, `seed ${seed}`);
  }
  expect(deaths).toBeGreaterThan(SEEDS.length);
});

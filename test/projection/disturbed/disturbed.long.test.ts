import { it } from 'vitest';
import { disturbedLife, expectSame, undisturbedLife } from './disturb.ts';

it('long lives of many disturbances end as undisturbed ones', { timeout: 900_000 }, async () => {
  for (let seed = 1_000; seed < 1_040; seed += 1) {
    const life = { seed, commits: 18 };
    const wanted = await undisturbedLife(life);
    expectSame((await disturbedLife(life)).dump, wanted, `seed ${seed}`);
  }
});

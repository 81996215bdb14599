import { it } from 'vitest';
import { disturbedLife, expectSame, undisturbedLife } from './disturb.ts';

/** Of so many lives, each with another seed; the nightly run has more. */
const LIVES = Number(process.env.KITTIWAKE_TEST_LIVES ?? 6);
const FIRST_SEED = Number(process.env.KITTIWAKE_TEST_SEED ?? 1_000);

it('long lives of many disturbances end as undisturbed ones', { timeout: 7_200_000 }, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + LIVES; seed += 1) {
    const life = { seed, commits: 18 };
    const wanted = await undisturbedLife(life);
    expectSame((await disturbedLife(life)).dump, wanted, `seed ${seed}`);
  }
});

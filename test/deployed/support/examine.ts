import { expect } from 'vitest';
import { kittiwake } from '../../support/cli.ts';
import type { Deployment } from './deployment.ts';
import { reaching } from './reaching.ts';

/** Everything of the wiki is whole, as far as `kittiwake doctor` can tell. */
export async function examine({ place, bucket, uuid }: Deployment): Promise<void> {
  const env = reaching(place.endpoint, place.credentials);
  const { code, out, err } = await kittiwake(['doctor', '--store', `s3://${bucket}`, '--wiki', uuid], {
    env,
  });
  expect([code, out, err]).toEqual([0, expect.any(String), expect.any(String)]);
}

import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { noise } from '../support/large-files.ts';
import { API_KEY, type DoorKind } from './support/assembly.ts';
import { type Deployment, deploy } from './support/deployment.ts';
import type { OpenPlace } from './support/s3-place.ts';

function clientOf({ door }: Deployment) {
  return createClient({ url: door.url, key: API_KEY, backoffMs: 20 });
}

/** The client library, through the front door. */
export function clientContract(open: OpenPlace): void {
  describe.each<DoorKind>(['functionUrl', 'httpApi'])('the client library, through %s', door => {
    test('sends and fetches what is too large for a function past it', async ctx => {
      const deployment = await deploy(ctx, open, { door });
      const client = clientOf(deployment);
      await client.put('Files', 'x');
      const bytes = new Uint8Array(noise(7 << 20));
      expect(await client.attach('Files', 'large.bin', bytes)).toMatchObject({ size: bytes.length });
      const fetched = await client.attachment('Files', 'large.bin');
      expect(Buffer.from(await fetched.arrayBuffer()).equals(bytes)).toBe(true);
      await expect(client.attach('Files', 'other.bin', bytes, { via: 'server' })).rejects.toMatchObject({
        status: 413,
        retryable: false,
      });
    });
  });

  test('a write whose function died before it answered is carried out once by the client library', async ctx => {
    const deployment = await deploy(ctx, open, { timeoutMs: 2_000 });
    const { api, uuid, bucket, functions } = deployment;
    let deaths = 0;
    functions.api.network.fail(({ method, path }) => {
      if (deaths > 0 || method !== 'PUT' || path !== `/${bucket}/ledger/${uuid}`) return undefined;
      deaths += 1;
      void functions.api.pool.environments[0]?.kill();
      return undefined;
    });
    const { revision } = await clientOf(deployment).put('Page', 'once\n');
    const { history } = (await api.call('GET', '/pages/Page/history')).body;
    expect([deaths, history.map((commit: { revision: string }) => commit.revision)]).toEqual([1, [revision]]);
  });
}

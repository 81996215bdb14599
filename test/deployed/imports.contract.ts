import { describe, expect, test } from 'vitest';
import { type Deployment, deploy } from './support/deployment.ts';
import { movedClock } from './support/moved-clock.ts';
import { onSmallServer } from './support/s3-place.ts';
import { told, wakesOf } from './support/wakes.ts';

const MINUTE_MS = 60_000;
/** What an import has stored of its rows. */
const RUN = /^job-files\/.*\/run-/;

/** Imports as S3, the queue and the schedule lead them through the functions. */
export function importContract(): void {
  describe('an import through the API', () => {
    test('is uploaded in parts, killed, gone on with, handed over, and done', async ctx => {
      const clock = movedClock();
      const place = onSmallServer({ now: clock.now });
      const environment = { ...clock.environment, KITTIWAKE_IMPORT_BATCH: '1MiB' };
      // The time that is left is reckoned by the same clock.
      const deployment = await deploy(ctx, place, {
        environment,
        timeoutMs: 20.5 * MINUTE_MS,
        queues: { isEnabled: false },
      });
      const { api, functions, runSchedule } = deployment;
      const id = await uploaded(deployment, tableOf(6_000));
      const first = await wakesOf(deployment, clock.now());
      expect(first).toHaveLength(1);

      const killed = told(deployment, first);
      await stored(deployment, 1);
      await functions.import.pool.recycle();
      await killed;
      expect((await api.call('GET', `/imports/${id}`)).body.state).toBe('running');

      clock.pass(6 * MINUTE_MS);
      expect((await runSchedule()).error).toBeUndefined();
      const again = (await wakesOf(deployment, clock.now())).filter(key => !first.includes(key));
      expect(again).toHaveLength(1);
      const before = runsOf(deployment);
      const handedOver = told(deployment, again);
      await stored(deployment, before + 1);
      // Its time is over behind the batch that is under way.
      clock.pass(13.75 * MINUTE_MS);
      await handedOver;
      const next = await wakesOf(deployment, clock.now());
      expect([next.length, again.includes(next[0] ?? '')]).toEqual([1, false]);

      for (let left = next; left.length > 0; left = await wakesOf(deployment, clock.now()))
        await told(deployment, left);
      expect((await api.call('GET', `/imports/${id}`)).body).toMatchObject({
        state: 'done',
        progress: { rows: 6_000, written: 6_000 },
      });
      expect(await api.text('Birds/P5999')).toContain('a gull 5999');
      const runs = functions.import.pool.log.filter(line => line.includes('"event":"import"'));
      const outcomes = runs.map(line => JSON.parse(line).run);
      expect([outcomes[0], outcomes.at(-1)]).toEqual(['more', 'ended']);
      expect(functions.import.pool.log.join('\n')).not.toContain('a gull');
    });
  });
}

function tableOf(count: number): string {
  const rows = Array.from({ length: count }, (_, n) => `Birds/P${n},a gull ${n} ${'and a tern '.repeat(90)}`);
  return ['path,content', ...rows, ''].join('\n');
}

/** Sends the parts to where the API says, and says that all are there. */
async function uploaded({ api }: Deployment, text: string): Promise<string> {
  const bytes = Buffer.from(text);
  const { body } = await api.call('POST', '/imports', { name: 'birds.csv', size: bytes.length });
  let at = 0;
  for (const { url, method, headers, size } of body.upload.parts) {
    const part = new Uint8Array(bytes.subarray(at, at + size));
    const { status } = await fetch(url, { method, headers, body: part });
    expect(status).toBe(200);
    at += size;
  }
  const { status } = await api.call('POST', `/imports/${body.id}/complete`);
  expect([at, status]).toEqual([bytes.length, 202]);
  return body.id;
}

function runsOf({ functions }: Deployment): number {
  const { requests } = functions.import.network;
  return requests.filter(({ key, status }) => RUN.test(key) && status === 200).length;
}

async function stored(deployment: Deployment, count: number): Promise<void> {
  await expect.poll(() => runsOf(deployment), { timeout: 60_000, interval: 5 }).toBeGreaterThanOrEqual(count);
}

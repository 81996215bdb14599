import { describe, expect, test } from 'vitest';
import { noise } from '../support/large-files.ts';
import { type Deployment, deploy } from './support/deployment.ts';
import { type MovedClock, movedClock } from './support/moved-clock.ts';
import { upload } from './support/presigned.ts';
import type { S3Place } from './support/s3-place.ts';
import { onSmallServer } from './support/s3-place.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** As many packs as are worth a merge. */
const PACKS = 4;

/** What the schedule does when days pass, on a server that lives as fast. */
export function upkeepContract(): void {
  describe('the schedule', () => {
    test('merges packs, and deletes in the end what nobody needs: packs, copies, uploads, indexes, drafts', async ctx => {
      const clock = movedClock();
      const place = onSmallServer({ now: clock.now });
      const environment = { ...clock.environment, KITTIWAKE_DRAFT_DAYS: '1' };
      // The time that is left is reckoned by the same clock.
      const deployment = await deploy(ctx, place, { environment, timeoutMs: 10 * DAY_MS });
      for (let pack = 0; pack < PACKS; pack += 1) await fillPack(deployment, clock, pack);
      await leaveBehind(deployment, clock);
      const before = await keysOf(deployment, clock);
      await passAndRun(deployment, clock, 20 * MINUTE_MS);
      await passAndRun(deployment, clock, 4 * DAY_MS);
      await passAndRun(deployment, clock, 20 * MINUTE_MS);
      const after = await keysOf(deployment, clock);
      expect(before.packs.length).toBeGreaterThanOrEqual(2 * PACKS);
      expect([before.raw.length, before.uploads.length, before.search.length > 2]).toEqual([1, 2, true]);
      expect([before.drafts.length, after.drafts.length]).toEqual([1, 0]);
      expect(after.packs.length).toBeLessThan(before.packs.length);
      expect([after.raw.length, after.uploads.length, after.search.length]).toEqual([0, 0, 2]);
      expect(await deployment.api.text('Page-0-0')).toBe(textOf(0, 0));
    });
  });
}

const textOf = (pack: number, page: number) => noise(20_000, pack * 10 + page + 1).toString('base64');

/** A journal that is large enough, and nobody adds to it for a while. */
async function fillPack(deployment: Deployment, clock: MovedClock, pack: number): Promise<void> {
  const pages = [0, 1, 2, 3].map(page => ({
    op: 'put',
    path: `Page-${pack}-${page}`,
    content: textOf(pack, page),
  }));
  const { status } = await deployment.api.call('POST', '/batch', { changes: pages });
  expect(status).toBe(200);
  await passAndRun(deployment, clock, 6 * MINUTE_MS);
}

/** A copy for a download, an upload that became an attachment and one that did not, uploads in parts that were begun. */
async function leaveBehind({ api, place, uuid }: Deployment, clock: MovedClock): Promise<void> {
  const attach = await upload(api, '/pages/Page-0-0/attachments', 'kept.bin', noise(100_000));
  expect((await attach()).status).toBe(201);
  await upload(api, '/pages/Page-0-0/attachments', 'left.bin', noise(100_000));
  expect((await api.call('PUT', '/drafts/Page-0-0', { content: 'forgotten' })).status).toBe(201);
  const download = '/pages/Page-0-0/attachments/kept.bin?download=presigned';
  expect((await api.send('GET', download)).status).toBe(307);
  for (const prefix of ['packs', 'raw', 'search']) {
    const begun = { query: { uploads: '' }, signedMs: clock.now() };
    expect((await place.send('POST', `${prefix}/${uuid}/begun`, begun)).status).toBe(200);
  }
}

async function passAndRun({ runSchedule }: Deployment, clock: MovedClock, ms: number): Promise<void> {
  clock.pass(ms);
  const { error, log } = await runSchedule();
  expect([error, log.filter(line => line.includes('"failed"'))]).toEqual([undefined, []]);
}

async function keysOf({ place, bucket, uuid }: Deployment, clock: MovedClock) {
  const list = (prefix: string) => keysBelow(place, bucket, `${prefix}/${uuid}/`, clock.now());
  const prefixes = ['packs', 'raw', 'uploads', 'search', 'drafts'] as const;
  const keys = await Promise.all(prefixes.map(async prefix => [prefix, await list(prefix)] as const));
  return Object.fromEntries(keys) as Record<(typeof prefixes)[number], string[]>;
}

async function keysBelow(
  { send }: S3Place,
  bucket: string,
  prefix: string,
  signedMs: number,
): Promise<string[]> {
  const query = { 'list-type': '2', prefix };
  const { text } = await send('GET', '', { path: `/${bucket}`, query, signedMs });
  return [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => key);
}

import { describe, expect, it, type TestContext } from 'vitest';
import { cephForTest } from '../support/ceph.ts';
import { s3Requests } from '../support/s3-request.ts';
import { append, readList, versionOf } from './raw-swaps.ts';

/** What the S3 backend relies on, asked of Ceph without it. Where servers differ, this is how Ceph 16 answers. */
const racers = Array.from({ length: 50 }, (_, index) => `racer ${index}`);

/** A new object, with a client and its version. */
async function objectIn(ctx: TestContext, body = 'one') {
  const { request, createBucket } = cephForTest(ctx);
  const path = `/${await createBucket()}/folder/object`;
  const put = (text: string, headers: Record<string, string>) =>
    request('PUT', path, { body: text, headers });
  const get = (headers: Record<string, string> = {}) => request('GET', path, { headers });
  const version = versionOf(await put(body, { 'if-none-match': '*' }));
  return { request, path, put, get, version };
}

describe('a conditional write', () => {
  it('creates an object once', async ctx => {
    const { put, get } = await objectIn(ctx);
    expect((await put('two', { 'if-none-match': '*' })).status).toBe(412);
    expect((await get()).body.toString()).toBe('one');
  });

  it('replaces the version that it names without quotes, and no other', async ctx => {
    const { put, get, version } = await objectIn(ctx);
    const second = await put('two', { 'if-match': version });
    expect(second.status).toBe(200);
    for (const stale of [version, 'nonsense', '0', `"${versionOf(second)}"`])
      expect((await put('late', { 'if-match': stale })).status, stale).toBe(412);
    const now = await get();
    expect([now.body.toString(), versionOf(now)]).toEqual(['two', versionOf(second)]);
  });

  it('takes a version with something behind it for that version', async ctx => {
    const { put, version } = await objectIn(ctx);
    expect((await put('two', { 'if-match': version.slice(0, -1) })).status).toBe(412);
    expect((await put('two', { 'if-match': `${version}0` })).status).toBe(200);
  });

  it('of an absent object is refused with 412 and creates nothing', async ctx => {
    const { request, path, version } = await objectIn(ctx);
    const headers = { 'if-match': version };
    expect((await request('PUT', `${path}-2`, { body: 'x', headers })).status).toBe(412);
    expect((await request('GET', `${path}-2`)).status).toBe(404);
  });

  it('answers with the version that a read answers with', async ctx => {
    const { request, get, path, version } = await objectIn(ctx);
    expect(version).toMatch(/^[0-9a-f]{32}$/);
    expect(versionOf(await get())).toBe(version);
    expect(versionOf(await request('HEAD', path))).toBe(version);
  });
});

describe('racing writers', () => {
  it('of 50 creators exactly one wins', async ctx => {
    const { request, path } = await objectIn(ctx);
    const headers = { 'if-none-match': '*' };
    const replies = await Promise.all(racers.map(body => request('PUT', `${path}-2`, { body, headers })));
    await expectOneWinner(
      replies.map(reply => reply.status),
      async () => (await request('GET', `${path}-2`)).body.toString(),
    );
  });

  it('of 50 swaps of one version exactly one wins', async ctx => {
    const { put, get, version } = await objectIn(ctx);
    const replies = await Promise.all(racers.map(text => put(text, { 'if-match': version })));
    await expectOneWinner(
      replies.map(reply => reply.status),
      async () => (await get()).body.toString(),
    );
  });

  it('raise a counter to exactly 800, eight of them by a hundred swaps each', {
    timeout: 180_000,
  }, async ctx => {
    const { request, path } = await objectIn(ctx, 'start');
    const statuses = new Set<number>();
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let index = 0; index < 100; index += 1)
        await append(request, path, `${writer}.${index}`, status => statuses.add(status));
    });
    await Promise.all(writers);
    const words = (await readList(request, path))?.words ?? [];
    expect(words).toHaveLength(801);
    expect(new Set(words).size).toBe(801);
    for (const status of statuses) expect([200, 409, 412, 500, 503]).toContain(status);
  });
});

/** A loser may be told 500 although its write was refused; what counts is that one was told 200 and that it is there. */
async function expectOneWinner(statuses: readonly number[], read: () => Promise<string>): Promise<void> {
  const winners = racers.filter((_, index) => statuses[index] === 200);
  expect(winners).toHaveLength(1);
  expect(await read()).toBe(winners[0]);
  for (const status of statuses) expect([200, 409, 412, 500, 503]).toContain(status);
}

describe('a read', () => {
  it('of a version that the reader has answers 304 without bytes', async ctx => {
    const { get, put, version } = await objectIn(ctx);
    for (const known of [version, `"${version}"`]) {
      const reply = await get({ 'if-none-match': known });
      expect([reply.status, reply.body.length]).toEqual([304, 0]);
    }
    await put('two', { 'if-match': version });
    const reply = await get({ 'if-none-match': version });
    expect([reply.status, reply.body.toString()]).toEqual([200, 'two']);
  });

  it('of a part answers with the part and the size of the whole', async ctx => {
    const { get } = await objectIn(ctx, '0123456789');
    for (const [range, part, place] of [
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-99', '789', 'bytes 7-9/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
    ] as const) {
      const { status, body, headers } = await get({ range });
      expect([status, body.toString(), headers['content-range']]).toEqual([206, part, place]);
    }
    expect((await get({ range: 'bytes=10-12' })).status).toBe(416);
  });

  it('of a bucket or an object that is not there says which', async ctx => {
    const { request, path } = await objectIn(ctx);
    expect((await request('GET', `${path}-2`)).body.toString()).toContain('<Code>NoSuchKey</Code>');
    expect((await request('GET', '/no-such-bucket/key')).body.toString()).toContain(
      '<Code>NoSuchBucket</Code>',
    );
  });
});

it('a deletion ignores its condition', async ctx => {
  const { request, path } = await objectIn(ctx);
  expect((await request('DELETE', path, { headers: { 'if-match': 'nonsense' } })).status).toBe(204);
  expect((await request('GET', path)).status).toBe(404);
});

it('a request with another key is refused with 403', async ctx => {
  const { request, path } = await objectIn(ctx);
  expect((await request('GET', path)).status).toBe(200);
  const { endpoint, accessKeyId } = cephForTest(ctx);
  const forged = s3Requests({ endpoint, accessKeyId, secretAccessKey: 'wrong' });
  expect((await forged('GET', path)).body.toString()).toContain('<Code>SignatureDoesNotMatch</Code>');
});

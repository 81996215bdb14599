import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { signedRequest } from '../support/s3-server/signed-request.ts';
import { bareEtag, rawServer, type SendRaw } from '../support/s3-server.ts';

const create = { 'if-none-match': '*' };

function put(send: SendRaw, key: string, body: string, headers: Record<string, string> = {}) {
  return send('PUT', key, { body, headers });
}

async function raise(send: SendRaw): Promise<void> {
  const found = await send('GET', 'counter');
  const body = String(Number(found.text) + 1);
  const { status } = await put(send, 'counter', body, { 'if-match': bareEtag(found) });
  if (status === 200) return;
  await sleep(Math.random() * 30);
  await raise(send);
}

describe('conditional writes', () => {
  test('an object is created once and swapped by its ETag, quoted or not', async () => {
    const { send } = await rawServer();
    const created = await put(send, 'a', 'one', create);
    expect(created).toMatchObject({ status: 200, headers: { etag: '"f97c5d29941bfb1b2fdab0874906ab82"' } });
    expect((await put(send, 'a', 'two', create)).text).toContain('<Code>PreconditionFailed</Code>');
    const swapped = await put(send, 'a', 'two', { 'if-match': String(created.headers.etag) });
    expect(swapped.status).toBe(200);
    expect(await put(send, 'a', 'lost', { 'if-match': bareEtag(created) })).toMatchObject({ status: 412 });
    expect(await put(send, 'a', 'four', { 'if-match': bareEtag(swapped) })).toMatchObject({ status: 200 });
    expect((await send('GET', 'a')).text).toBe('four');
  });

  test('a swap of an absent key answers 404, as Ceph 16 does 412', async () => {
    for (const [profile, status] of [
      ['aws', 404],
      ['ceph16', 412],
    ] as const) {
      const { send } = await rawServer({ profile });
      expect(await put(send, 'a', 'x', { 'if-match': 'f97c5d29941bfb1b2fdab0874906ab82' })).toMatchObject({
        status,
      });
      expect(await send('GET', 'a')).toMatchObject({ status: 404 });
    }
  });

  test('Ceph 16 never matches a quoted ETag', async () => {
    const { send } = await rawServer({ profile: 'ceph16' });
    const created = await put(send, 'a', 'one');
    expect(await put(send, 'a', 'two', { 'if-match': String(created.headers.etag) })).toMatchObject({
      status: 412,
    });
    expect(await put(send, 'a', 'two', { 'if-match': bareEtag(created) })).toMatchObject({ status: 200 });
  });

  test('Ceph 16 takes a longer text for the ETag that it begins with', async () => {
    for (const [profile, status] of [
      ['aws', 412],
      ['ceph16', 200],
    ] as const) {
      const { send } = await rawServer({ profile });
      const longer = `${bareEtag(await put(send, 'a', 'one'))}0`;
      expect(await put(send, 'a', 'two', { 'if-match': longer })).toMatchObject({ status });
    }
  });

  test.each([
    ['aws', 100],
    ['ceph16', 25],
  ] as const)(
    '8 writers lose none of their swaps (%s, %i each)',
    async (profile, swaps) => {
      const { send } = await rawServer({ profile, raceProbability: 0.5 });
      await put(send, 'counter', '0');
      const writers = Array.from({ length: 8 }, async () => {
        for (let count = 0; count < swaps; count += 1) await raise(send);
      });
      await Promise.all(writers);
      expect((await send('GET', 'counter')).text).toBe(String(8 * swaps));
    },
    120_000,
  );

  test.each(['aws', 'ceph16'] as const)('of 50 racing creators one wins (%s)', async profile => {
    const { send } = await rawServer({ profile, raceProbability: 0.5 });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => put(send, 'a', `${n}`, create)));
    const winners = answers.flatMap(({ status }, n) => (status === 200 ? [`${n}`] : []));
    expect(winners).toEqual([(await send('GET', 'a')).text]);
  });

  test.each([
    ['aws', 409, 'ConditionalRequestConflict'],
    ['ceph16', 500, 'UnknownError'],
  ] as const)('the loser of a race may get what %s gives it', async (profile, status, code) => {
    const { server, send } = await rawServer({ profile, raceProbability: 1 });
    server.switches.faults = ({ number }) => (number === 1 ? { kind: 'delay', ms: 500 } : undefined);
    const slow = put(send, 'a', 'slow', create);
    await expect.poll(() => server.requests.all.length).toBe(1);
    expect(await put(send, 'a', 'fast', create)).toMatchObject({ status: 200 });
    const lost = await slow;
    expect(lost.status).toBe(status);
    expect(lost.text).toContain(`<Code>${code}</Code>`);
    expect(await put(send, 'a', 'late', create)).toMatchObject({ status: 412 });
    expect((await send('GET', 'a')).text).toBe('fast');
  });

  test('a server that ignores conditions lets every writer win', async () => {
    const { server, send } = await rawServer({ ignoresConditions: true });
    expect(await put(send, 'a', 'one', create)).toMatchObject({ status: 200 });
    expect(await put(send, 'a', 'two', create)).toMatchObject({ status: 200 });
    expect(await put(send, 'a', 'three', { 'if-match': 'f97c5d29941bfb1b2fdab0874906ab82' })).toMatchObject({
      status: 200,
    });
    server.switches.ignoresConditions = false;
    expect(await put(send, 'a', 'four', create)).toMatchObject({ status: 412 });
  });

  test('a DELETE by ETag is conditional on AWS only', async () => {
    for (const [profile, status] of [
      ['aws', 412],
      ['ceph16', 204],
    ] as const) {
      const { send } = await rawServer({ profile });
      await put(send, 'a', 'one');
      const headers = { 'if-match': '"00000000000000000000000000000000"' };
      expect(await send('DELETE', 'a', { headers })).toMatchObject({ status });
      expect(await send('GET', 'a')).toMatchObject({ status: status === 412 ? 200 : 404 });
    }
  });

  test('ETags are those of the content unless that is switched off', async () => {
    const { server, send } = await rawServer();
    const first = bareEtag(await put(send, 'a', 'same'));
    expect(bareEtag(await put(send, 'a', 'same'))).toBe(first);
    server.switches.etags = 'unique';
    expect(bareEtag(await put(send, 'a', 'same'))).not.toBe(first);
  });
});

describe('reading', () => {
  test.each([
    ['bytes=0-3', 206, 'abcd', 'bytes 0-3/10'],
    ['bytes=7-', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 206, 'ij', 'bytes 8-9/10'],
    ['bytes=-20', 206, 'abcdefghij', 'bytes 0-9/10'],
    ['bytes=8-100', 206, 'ij', 'bytes 8-9/10'],
    ['bytes=5-2', 200, 'abcdefghij', undefined],
    ['lines=1-2', 200, 'abcdefghij', undefined],
  ])('the range %s answers %i with %s', async (range, status, text, contentRange) => {
    const { send } = await rawServer();
    await put(send, 'a', 'abcdefghij');
    const answer = await send('GET', 'a', { headers: { range } });
    expect(answer).toMatchObject({ status, text });
    expect(answer.headers['content-range']).toBe(contentRange);
  });

  test.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])(
    'the range %s of 10 bytes cannot be given',
    async range => {
      const { send } = await rawServer();
      await put(send, 'a', 'abcdefghij');
      const answer = await send('GET', 'a', { headers: { range } });
      expect(answer).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } });
      expect(answer.text).toContain('<Code>InvalidRange</Code>');
    },
  );

  test('what the client knows already is not sent again', async () => {
    const { send } = await rawServer();
    const created = await put(send, 'a', 'one');
    for (const etag of [String(created.headers.etag), bareEtag(created), '*']) {
      const answer = await send('GET', 'a', { headers: { 'if-none-match': etag, range: 'bytes=50-' } });
      expect(answer).toMatchObject({ status: 304, text: '', headers: { etag: created.headers.etag } });
    }
    await put(send, 'a', 'two');
    const headers = { 'if-none-match': String(created.headers.etag) };
    expect(await send('GET', 'a', { headers })).toMatchObject({ status: 200, text: 'two' });
  });

  test('Ceph 16 tells neither the ETag with 304 nor the size with 416, and no message', async () => {
    const { send } = await rawServer({ profile: 'ceph16' });
    const created = await put(send, 'a', 'one');
    const unchanged = await send('GET', 'a', { headers: { 'if-none-match': String(created.headers.etag) } });
    expect(unchanged.status).toBe(304);
    expect(unchanged.headers.etag).toBeUndefined();
    const refused = await send('GET', 'a', { headers: { range: 'bytes=3-' } });
    expect(refused.status).toBe(416);
    expect(refused.headers['content-range']).toBeUndefined();
    expect(refused.text).toContain('<Message></Message>');
    expect(await send('GET', 'a', { headers: { 'if-none-match': '*' } })).toMatchObject({ status: 200 });
  });

  test('HEAD tells size, type and metadata and sends nothing', async () => {
    const { send } = await rawServer();
    await put(send, 'a', 'abcdefghij', { 'content-type': 'text/markdown', 'x-amz-meta-page': 'Home' });
    expect(await send('HEAD', 'a')).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': '10', 'content-type': 'text/markdown', 'x-amz-meta-page': 'Home' },
    });
    expect(await send('HEAD', 'none')).toMatchObject({ status: 404, text: '' });
  });

  test('an absent bucket, and one in another region, are told from an absent key', async () => {
    const { server, send } = await rawServer({ buckets: ['wikis', { name: 'far', region: 'eu-north-1' }] });
    expect((await send('GET', 'none')).text).toContain('<Code>NoSuchKey</Code>');
    expect((await signedRequest(server, { method: 'GET', path: '/nobody/key' })).text).toContain(
      '<Code>NoSuchBucket</Code>',
    );
    const far = await signedRequest(server, { method: 'GET', path: '/far/key' });
    expect(far).toMatchObject({ status: 301, headers: { 'x-amz-bucket-region': 'eu-north-1' } });
    expect(far.text).toContain('<Code>PermanentRedirect</Code>');
  });
});

describe('permissions', () => {
  test('who may not list does not learn whether a key is absent', async () => {
    const { server, send } = await rawServer({ permissions: ({ action }) => action !== 's3:ListBucket' });
    await put(send, 'a', 'one');
    expect(await send('GET', 'a')).toMatchObject({ status: 200 });
    expect(await send('GET', 'none')).toMatchObject({ status: 403 });
    server.switches.permissions = () => true;
    expect(await send('GET', 'none')).toMatchObject({ status: 404 });
  });

  test('a swap needs the permission to read, a plain write does not', async () => {
    const { send } = await rawServer({ permissions: ({ action }) => action !== 's3:GetObject' });
    const created = await put(send, 'a', 'one');
    expect(created.status).toBe(200);
    const denied = await put(send, 'a', 'two', { 'if-match': bareEtag(created) });
    expect(denied.text).toContain('<Code>AccessDenied</Code>');
  });

  test('one key may be closed to one signer', async () => {
    const { send } = await rawServer({ permissions: ({ key }) => !key.startsWith('secret/') });
    expect(await put(send, 'open/a', 'x')).toMatchObject({ status: 200 });
    expect(await put(send, 'secret/a', 'x')).toMatchObject({ status: 403 });
  });
});

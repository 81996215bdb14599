import { Agent } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { S3ServerOptions } from '../support/s3-server/server.ts';
import { type RawAnswer, type RawRequest, signedRequest } from '../support/s3-server/signed-request.ts';
import { s3ServerForTest } from '../support/s3-server.ts';

type Send = (
  method: string,
  path: string,
  wanted?: Omit<RawRequest, 'method' | 'path'>,
) => Promise<RawAnswer>;

/** A server, and requests to its bucket `wikis` over connections that are kept. */
async function serverFor(options: S3ServerOptions = {}) {
  const server = await s3ServerForTest(options);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const send: Send = (method, path, wanted = {}) =>
    signedRequest({ ...server, agent }, { method, path: `/wikis/${path}`, ...wanted });
  return { server, send };
}

const ifAbsent = { headers: { 'if-none-match': '*' } };

describe('conditions', () => {
  test('an object is created once and swapped by its ETag, quoted or not', async () => {
    const { send } = await serverFor();
    const created = await send('PUT', 'a', { body: 'one', ...ifAbsent });
    expect(created).toMatchObject({ status: 200, headers: { etag: '"f97c5d29941bfb1b2fdab0874906ab82"' } });
    expect(await send('PUT', 'a', { body: 'two', ...ifAbsent })).toMatchObject({ status: 412 });
    const etag = String(created.headers.etag);
    const swapped = await send('PUT', 'a', { body: 'two', headers: { 'if-match': etag } });
    expect(swapped.status).toBe(200);
    const lost = await send('PUT', 'a', { body: 'three', headers: { 'if-match': etag } });
    expect(lost.text).toContain('<Code>PreconditionFailed</Code>');
    const bare = String(swapped.headers.etag).replaceAll('"', '');
    expect((await send('PUT', 'a', { body: 'four', headers: { 'if-match': bare } })).status).toBe(200);
    expect((await send('GET', 'a')).text).toBe('four');
  });

  test.each(['aws', 'ceph16'] as const)(
    '8 writers that swap 100 times each count to 800 (%s)',
    async profile => {
      const { send } = await serverFor({ profile, raceProbability: 0.5 });
      await send('PUT', 'counter', { body: '0' });
      const raise = async (): Promise<void> => {
        const { text, headers } = await send('GET', 'counter');
        const ifMatch = String(headers.etag).replaceAll('"', '');
        const { status } = await send('PUT', 'counter', {
          body: String(Number(text) + 1),
          headers: { 'if-match': ifMatch },
        });
        if (status !== 200) return raise();
      };
      const writers = Array.from({ length: 8 }, async () => {
        for (let count = 0; count < 100; count += 1) await raise();
      });
      await Promise.all(writers);
      expect((await send('GET', 'counter')).text).toBe('800');
    },
  );
});

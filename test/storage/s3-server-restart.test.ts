import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type S3ProcessOptions, startS3Process } from '../support/s3-server/process.ts';
import { signedRequest } from '../support/s3-server/signed-request.ts';
import { bareEtag, rawClient, rawServer, type SendRaw } from '../support/s3-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function s3Process(options: S3ProcessOptions) {
  const server = await startS3Process(options);
  onTestFinished(() => server.kill());
  return server;
}

/** Swaps one object until the server is gone; `onSwap` gets the number of what is acknowledged, from 0. */
async function swapUntilGone(send: SendRaw, onSwap: (acknowledged: number) => void): Promise<number> {
  let version = bareEtag(await send('PUT', 'ledger', { body: '0' }));
  for (let acknowledged = 0; ; acknowledged += 1) {
    onSwap(acknowledged);
    try {
      const body = `${acknowledged + 1}`;
      version = bareEtag(await send('PUT', 'ledger', { body, headers: { 'if-match': version } }));
    } catch {
      return acknowledged;
    }
  }
}

describe('a server with a folder', () => {
  test('has lost nothing that it acknowledged when it was killed', async () => {
    const folder = temporaryFolder();
    for (const swaps of [7, 60]) {
      const server = await s3Process({ folder });
      const acknowledged = await swapUntilGone(rawClient(server), count => {
        if (count === swaps) void server.kill();
      });
      const again = await s3Process({ folder });
      const found = Number((await rawClient(again)('GET', 'ledger')).text);
      expect([acknowledged, acknowledged + 1]).toContain(found);
      await again.kill();
    }
  }, 60_000);

  test('goes on with versions, metadata and unfinished uploads', async () => {
    const folder = temporaryFolder();
    const first = await rawServer({ folder });
    const status = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
    await first.send('PUT', '', { path: '/wikis', query: { versioning: '' }, body: status });
    const old = await first.send('PUT', 'a', { body: 'one', headers: { 'x-amz-meta-page': 'Home' } });
    await first.send('DELETE', 'a');
    const started = await first.send('POST', 'b', { query: { uploads: '' } });
    const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(started.text)?.[1] ?? '';
    const part = await first.send('PUT', 'b', { query: { uploadId, partNumber: '1' }, body: 'part' });
    await first.server.stop();

    const { send } = await rawServer({ folder });
    expect(await send('GET', 'a')).toMatchObject({ status: 404 });
    const versionId = String(old.headers['x-amz-version-id']);
    const found = await send('GET', 'a', { query: { versionId } });
    expect(found).toMatchObject({
      text: 'one',
      headers: { 'x-amz-meta-page': 'Home', etag: old.headers.etag },
    });
    const xml = `<Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part>`;
    const body = `<CompleteMultipartUpload>${xml}</CompleteMultipartUpload>`;
    expect(await send('POST', 'b', { query: { uploadId }, body })).toMatchObject({ status: 200 });
    expect((await send('GET', 'b')).text).toBe('part');
  });

  test('does not bring back what was deleted or replaced', async () => {
    const folder = temporaryFolder();
    const first = await rawServer({ folder });
    await first.send('PUT', 'a', { body: 'one' });
    await first.send('PUT', 'a', { body: 'two' });
    await first.send('PUT', 'b', { body: 'gone' });
    await first.send('DELETE', 'b');
    await first.server.stop();
    const { send } = await rawServer({ folder });
    expect((await send('GET', 'a')).text).toBe('two');
    expect((await send('GET', 'b')).status).toBe(404);
  });
});

test('a server of its own process answers as it was told to and writes down its requests', async () => {
  const log = join(temporaryFolder(), 'requests.jsonl');
  const server = await s3Process({ profile: 'ceph16', buckets: ['one', 'two'], latencyMs: 20, log });
  const put = await signedRequest(server, { method: 'PUT', path: '/two/a', body: 'text' });
  const headers = { 'if-match': String(put.headers.etag) };
  const swap = await signedRequest(server, { method: 'PUT', path: '/two/a', body: 'more', headers });
  expect(swap).toMatchObject({ status: 412 });
  expect(swap.text).toContain('<Message></Message>');
  await vi.waitFor(
    () => {
      const lines = readFileSync(log, 'utf8').trim().split('\n');
      expect(lines.map(line => JSON.parse(line))).toMatchObject([
        { operation: 'PutObject', bucket: 'two', key: 'a', status: 200, receivedBytes: 4 },
        { operation: 'PutObject', status: 412, code: 'PreconditionFailed' },
      ]);
    },
    { timeout: 10_000 },
  );
});

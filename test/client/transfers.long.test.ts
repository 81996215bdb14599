import { randomBytes } from 'node:crypto';
import { openAsBlob, writeFileSync } from 'node:fs';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { isClientError } from '../../src/client/errors.ts';
import { temporaryFolder } from '../support/cli.ts';
import { startFaultProxy } from '../support/fault-proxy/proxy.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';
import { servedBucket } from '../support/s3-cli.ts';
import { serveWiki } from '../support/served-wiki.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('files are attached, listed, read and detached, whatever they are called', async () => {
  const client = (await openListeningWiki()).client();
  await client.put('Home', '# Home\n');
  const bytes = randomBytes(100_000);
  writeFileSync(folder.path('data.bin'), bytes);
  const made = await client.attach('Home', 'My File (1).bin', await openAsBlob(folder.path('data.bin')));
  expect(made).toMatchObject({ filename: 'My_File_1.bin', size: bytes.length });
  await client.attach('Home', 'note.json', '{"a": 1}', { message: 'A note' });
  const names = (await Array.fromAsync(client.attachments('Home'))).map(({ filename }) => filename);
  expect(names).toEqual(['My_File_1.bin', 'note.json']);
  expect((await bytesOf(await client.attachment('Home', 'My File (1).bin'))).equals(bytes)).toBe(true);
  const [commit] = await Array.fromAsync(client.changelog());
  expect(commit?.message).toBe('A note');
  await client.detach('Home', 'note.json');
  const none = client.attachment('Home', 'note.json');
  await expect(none).rejects.toMatchObject({ code: 'attachment_not_found', status: 404 });
});

test('a large file goes by the server where the store offers no URLs', async () => {
  const client = (await openListeningWiki()).client();
  await client.put('Home', '# Home\n');
  const bytes = randomBytes(5_000_000);
  await client.attach('Home', 'large.bin', bytes);
  expect((await bytesOf(await client.attachment('Home', 'large.bin'))).equals(bytes)).toBe(true);
  const refused = client.attach('Home', 'large.bin', bytes, { via: 'store' });
  await expect(refused).rejects.toMatchObject({ code: 'presign_unsupported' });
});

test('a large file goes straight to the bucket, and the key does not', { timeout: 120_000 }, async () => {
  const { server, serve } = await servedBucket();
  const wiki = await serve();
  const client = wiki.client();
  await client.put('Home', '# Home\n');
  const bytes = randomBytes(5_000_000);
  const before = server.requests.all.length;
  const { size } = await client.attach('Home', 'large.bin', bytes);
  expect(size).toBe(bytes.length);
  const sent = server.requests.all.slice(before);
  const [upload] = sent.filter(({ query }) => query.includes('X-Amz-Signature'));
  expect([upload?.method, upload?.receivedBytes]).toEqual(['PUT', bytes.length]);
  expect(sent.filter(({ headers }) => headers.authorization?.startsWith('Bearer'))).toEqual([]);
  expect((await bytesOf(await client.attachment('Home', 'large.bin'))).equals(bytes)).toBe(true);
  const asked = { params: { path: 'Home', file: 'large.bin' }, query: { download: 'presigned' as const } };
  const direct = await client.open('GET /api/v1/pages/{path}/attachments/{file}', asked);
  expect(direct.url.startsWith(server.endpoint)).toBe(true);
  expect((await bytesOf(direct)).equals(bytes)).toBe(true);
  expect(server.requests.all.filter(({ headers }) => headers.authorization?.startsWith('Bearer'))).toEqual(
    [],
  );
  const wrong = client.attach('Home', 'wrong.bin', bytes, { sha256: '0'.repeat(64) });
  await expect(wrong).rejects.toSatisfy(error => isClientError(error) && error.status >= 400);
});

const ROWS = Array.from(
  { length: 4_000 },
  (_, n) => `pages/p ${n},"${'Kittiwakes nest on ledges. '.repeat(50)}"\n`,
);
const TABLE = `path,content\n${ROWS.join('')}`;

test('an import is sent in pieces that may break, and waited for', { timeout: 120_000 }, async () => {
  const wiki = await serveWiki(folder.path('import'));
  let pieces = 0;
  const proxy = await startFaultProxy({
    upstream: wiki.url,
    faults: ({ method }) =>
      method === 'PUT' && ++pieces % 2 === 1
        ? { kind: 'close', when: pieces === 1 ? 'before' : 'after' }
        : undefined,
  });
  onTestFinished(() => proxy.stop());
  const client = wiki.client({ url: proxy.endpoint, backoffMs: 20 });
  const { id } = await client.imports.start('pages.csv', TABLE, { commit_message: 'All of it' });
  const states: string[] = [];
  const job = await client.imports.wait(id, { everyMs: 100, onProgress: ({ state }) => states.push(state) });
  expect([job.progress.written, states.at(-1)]).toEqual([4_000, 'done']);
  expect(pieces).toBeGreaterThan(2);
  expect((await client.page('pages/p 7')).content).toContain('ledges');
  expect(await (await client.imports.errors(id)).text()).toBe('');
  await wiki.stop();
});

test('an import into a bucket is sent in parts', { timeout: 120_000 }, async () => {
  const { serve } = await servedBucket();
  const client = (await serve()).client();
  const { id } = await client.imports.start('pages.csv', TABLE, { dry_run: true });
  const job = await client.imports.wait(id, { everyMs: 100 });
  expect(job.progress.rows).toBe(4_000);
});

test('an import that fails is an error that says why', { timeout: 120_000 }, async () => {
  const client = (await serveWiki(folder.path('failing'))).client();
  const { id } = await client.imports.start('pages.csv', 'a,b\n1,2\n', { on_error: 'fail' });
  const failed = client.imports.wait(id, { everyMs: 50 });
  await expect(failed).rejects.toMatchObject({
    code: 'import_failed',
    data: { id, failure: expect.anything() },
  });
});

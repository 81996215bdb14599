import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { s3ServerForTest } from '../support/s3-server.ts';
import { openManyWikis } from './many-wikis.ts';

async function setUp() {
  const server = await s3ServerForTest();
  const { accessKeyId, secretAccessKey } = server.credentials;
  const open = () => {
    const folder = mkdtempSync(join(tmpdir(), 'kittiwake-tenants-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const env = {
      KITTIWAKE_STORE: 's3://wikis/w',
      AWS_ENDPOINT_URL_S3: server.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    return openManyWikis({ env, folder });
  };
  return { server, open };
}

test('a presigned URL of one wiki is none of another', async () => {
  const { open } = await setUp();
  const { call, create } = await open();
  const uuids = { anna: await create('anna', 'x'), bert: await create('bert', 'x') };
  const bytes = Buffer.from('canary-of-bert');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const prepare = async (wiki: string) => {
    const wanted = { filename: 'a.bin', upload: 'presigned', size: bytes.length, sha256 };
    return (await call(wiki, 'POST', '/pages/Home/attachments', wanted)).body.upload;
  };
  const bert = await prepare('bert');
  expect(bert.url).toContain(uuids.bert);
  const put = (url: string) =>
    fetch(url, { method: 'PUT', headers: bert.headers, body: new Uint8Array(bytes) });
  expect((await put(bert.url.replace(uuids.bert, uuids.anna))).status).toBe(403);
  expect((await put(bert.url)).status).toBe(200);
  // The id of an upload to one wiki means nothing in another.
  const attach = { filename: 'a.bin', upload: bert.id };
  expect((await call('anna', 'POST', '/pages/Home/attachments', attach)).status).toBe(404);
  expect((await call('bert', 'POST', '/pages/Home/attachments', attach)).status).toBe(201);
  const download = '/pages/Home/attachments/a.bin?download=presigned';
  expect((await call('anna', 'GET', download)).status).toBe(404);
  const url = String((await call('bert', 'GET', download)).headers.location);
  expect(await (await fetch(url)).text()).toBe('canary-of-bert');
  expect((await fetch(url.replace(uuids.bert, uuids.anna))).status).toBe(403);
});

test('a name costs one look-up more, once in a process and before the ledger', async () => {
  const { server, open } = await setUp();
  const first = await open();
  for (const name of ['anna', 'bert']) await first.create(name, 'x');
  const { call } = await open();
  const asked = async (work: () => Promise<unknown>) => {
    const before = server.requests.all.length;
    await work();
    return server.requests.all.slice(before).map(({ method, key }) => `${method} ${key.split('/')[1]}`);
  };
  const read = (wiki: string) => async () => {
    const { status, headers } = await call(wiki, 'GET', '/pages/Home');
    expect(status).toBe(200);
    return headers;
  };
  expect(await asked(read('anna'))).toEqual(['GET wikis', 'GET ledger']);
  expect(await asked(read('anna'))).toEqual(['GET ledger']);
  expect(await asked(read('bert'))).toEqual(['GET wikis', 'GET ledger']);
  const write = () => call('anna', 'PUT', '/pages/New', { content: 'y' });
  expect(await asked(write)).toEqual(['PUT ledger']);
});

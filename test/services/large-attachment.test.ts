import { expect, onTestFinished, test } from 'vitest';
import { cephForTest } from '../support/ceph.ts';
import { temporaryFolder } from '../support/cli.ts';
import { noise } from '../support/large-files.ts';
import { prepareUpload, sendUpload } from '../support/presigned-upload.ts';
import { serveWiki } from '../support/served-wiki.ts';

const PAGE = '/pages/docs/attachments';

test('a large attachment goes past the server into Ceph and out of it', async ctx => {
  const ceph = cephForTest(ctx);
  const data = temporaryFolder();
  onTestFinished(data.remove);
  const wiki = await serveWiki(data.path('data'), {
    env: {
      KITTIWAKE_STORE: `s3://${await ceph.createBucket()}/wiki`,
      AWS_ENDPOINT_URL_S3: ceph.endpoint,
      AWS_ACCESS_KEY_ID: ceph.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey,
    },
  });
  expect((await wiki.call('PUT', '/pages/docs', { content: 'x' })).status).toBe(201);
  const bytes = noise(30 << 20);
  const prepared = await prepareUpload(wiki, PAGE, 'photo.png', bytes);
  const other = await sendUpload(prepared, bytes, { 'content-type': 'text/html' });
  expect(other.status).toBe(403);
  const longer = noise((30 << 20) + 1);
  const larger = await sendUpload(prepared, longer, { 'content-length': String(longer.length) });
  expect(larger.status).toBe(403);
  expect((await sendUpload(prepared, bytes)).status).toBe(200);
  const made = await wiki.call('POST', PAGE, { filename: 'photo.png', upload: prepared.id });
  expect([made.status, made.body.size]).toEqual([201, bytes.length]);
  const raw = await wiki.send('GET', `${PAGE}/photo.png?download=raw`);
  expect(Buffer.from(await raw.arrayBuffer()).equals(bytes)).toBe(true);
  const redirect = await wiki.send('GET', `${PAGE}/photo.png?download=presigned`);
  const direct = await fetch(redirect.headers.get('location') ?? '');
  expect(Object.fromEntries(direct.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': 'attachment; filename="photo.png"',
  });
  expect(Buffer.from(await direct.arrayBuffer()).equals(bytes)).toBe(true);
});

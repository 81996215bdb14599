import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { noise, sha256 } from '../support/large-files.ts';
import { prepareUpload, sendUpload } from '../support/presigned-upload.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import { s3ServerForTest } from '../support/s3-server.ts';
import { type ServedWiki, serveWiki } from '../support/served-wiki.ts';

const PAGE = '/pages/docs/attachments';

/** A `kittiwake serve` process over a bucket of a small S3 server, with one page. */
async function servedFromS3(
  env: Record<string, string> = {},
): Promise<{ wiki: ServedWiki; server: S3Server }> {
  const server = await s3ServerForTest();
  const data = temporaryFolder();
  onTestFinished(data.remove);
  const { accessKeyId, secretAccessKey } = server.credentials;
  const wiki = await serveWiki(data.path('data'), {
    env: {
      KITTIWAKE_STORE: 's3://wikis/w',
      AWS_ENDPOINT_URL_S3: server.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...env,
    },
  });
  expect((await wiki.call('PUT', '/pages/docs', { content: 'x' })).status).toBe(201);
  return { wiki, server };
}

describe('a large attachment of a wiki on S3', () => {
  const bytes = noise(11 << 20);

  test('is uploaded to the store, attached by its id, and downloaded from the store', async () => {
    const { wiki, server } = await servedFromS3();
    const prepared = await prepareUpload(wiki, PAGE, 'film.mp4', bytes);
    expect(prepared).toMatchObject({ method: 'PUT', headers: { 'content-type': 'video/mp4' } });
    expect((await wiki.call('GET', PAGE)).body.total).toBe(0);
    expect((await sendUpload(prepared, bytes)).status).toBe(200);
    const before = server.requests.all.length;
    const made = await wiki.call('POST', PAGE, { filename: 'film.mp4', upload: prepared.id });
    expect([made.status, made.body]).toEqual([
      201,
      { filename: 'film.mp4', mime_type: 'video/mp4', path: 'Docs', size: bytes.length },
    ]);
    expect(server.requests.all.length - before).toBeLessThan(20);
    const listed = await wiki.call('GET', PAGE);
    expect(listed.body.attachments).toMatchObject([{ filename: 'film.mp4', size: bytes.length }]);

    const inline = await wiki.call('GET', `${PAGE}/film.mp4`);
    expect([inline.status, inline.body.code]).toEqual([422, 'attachment_not_inline']);

    const raw = await wiki.send('GET', `${PAGE}/film.mp4?download=raw`);
    expect(raw.status).toBe(200);
    expect(Object.fromEntries(raw.headers)).toMatchObject({
      'content-length': String(bytes.length),
      'content-type': 'video/mp4',
      'content-disposition': 'attachment; filename="film.mp4"',
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(await raw.arrayBuffer()).equals(bytes)).toBe(true);

    const redirect = await wiki.send('GET', `${PAGE}/film.mp4?download=presigned`);
    expect(redirect.status).toBe(307);
    const location = redirect.headers.get('location') ?? '';
    expect(location.startsWith(server.endpoint)).toBe(true);
    const direct = await fetch(location);
    expect(Object.fromEntries(direct.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-disposition': 'attachment; filename="film.mp4"',
    });
    expect(Buffer.from(await direct.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('is copied once for many downloads', async () => {
    const { wiki, server } = await servedFromS3();
    await wiki.client().attach('docs', 'a.bin', new Uint8Array(bytes), { via: 'store' });
    await wiki.send('GET', `${PAGE}/a.bin?download=presigned`);
    const before = server.requests.all.length;
    await wiki.send('GET', `${PAGE}/a.bin?download=presigned`);
    const later = server.requests.all.slice(before);
    expect(later.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(later.reduce((sum, { sentBytes }) => sum + sentBytes, 0)).toBeLessThan(100_000);
  });

  test('is refused by the store when it is not of the type and size that were signed', async () => {
    const { wiki } = await servedFromS3();
    const prepared = await prepareUpload(wiki, PAGE, 'a.png', noise(1000));
    expect((await sendUpload(prepared, noise(1000), { 'content-type': 'text/html' })).status).toBe(403);
    const longer = noise(1001);
    expect((await sendUpload(prepared, longer, { 'content-length': '1001' })).status).toBe(403);
    const elsewhere = { ...prepared, url: prepared.url.replace(/uploads\/[^?]*/, 'ledger/x') };
    expect((await sendUpload(elsewhere, noise(1000))).status).toBe(403);
    const answer = await wiki.call('POST', PAGE, { filename: 'a.png', upload: prepared.id });
    expect([answer.status, answer.body.code]).toEqual([404, 'upload_not_found']);
    expect((await sendUpload(prepared, noise(1000))).status).toBe(200);
  });

  test('is refused when its bytes are not those that were announced', async () => {
    const { wiki } = await servedFromS3();
    const prepared = await prepareUpload(wiki, PAGE, 'a.bin', noise(9000, 1));
    expect((await sendUpload(prepared, noise(9000, 2))).status).toBe(200);
    const answer = await wiki.call('POST', PAGE, { filename: 'a.bin', upload: prepared.id });
    expect([answer.status, answer.body.code]).toEqual([422, 'upload_differs']);
    expect((await wiki.call('GET', PAGE)).body.total).toBe(0);
    expect((await sendUpload(prepared, noise(9000, 1))).status).toBe(200);
    const again = await wiki.call('POST', PAGE, { filename: 'a.bin', upload: prepared.id });
    expect(again.status).toBe(201);
  });

  test('is attached once, however often its commit is sent', async () => {
    const { wiki, server } = await servedFromS3();
    const prepared = await prepareUpload(wiki, PAGE, 'a.bin', bytes);
    await sendUpload(prepared, bytes);
    const body = { filename: 'a.bin', upload: prepared.id, commit_message: 'Film' };
    const key = { 'idempotency-key': 'k1' };
    const first = await wiki.call('POST', PAGE, body, key);
    const before = server.requests.all.length;
    const again = await wiki.call('POST', PAGE, body, key);
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
      201,
      first.body,
      'true',
    ]);
    const uploads = server.requests.all.slice(before).filter(each => each.key.includes('uploads/'));
    expect(uploads).toEqual([]);
    expect((await wiki.call('POST', PAGE, body)).status).toBe(201);
    const { body: log } = await wiki.call('GET', '/changelog');
    expect(log.entries.filter((entry: { message: string }) => entry.message === 'Film')).toHaveLength(1);
  });

  test('is tried out without being attached', async () => {
    const { wiki } = await servedFromS3();
    const prepared = await prepareUpload(wiki, PAGE, 'a.bin', noise(9000));
    await sendUpload(prepared, noise(9000));
    const tried = await wiki.call('POST', PAGE, { filename: 'a.bin', upload: prepared.id, dry_run: true });
    expect(tried.body).toMatchObject({
      dry_run: true,
      size: 9000,
      changes: [{ path: 'docs/a.bin', action: 'create' }],
    });
    expect((await wiki.call('GET', PAGE)).body.total).toBe(0);
  });

  test('is never shown by a browser', async () => {
    const { wiki } = await servedFromS3();
    const files = {
      'page.html': '<script>alert(1)</script>',
      'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      'feed.xml': '<?xml version="1.0"?><x/>',
      'code.js': 'alert(1)',
    };
    for (const [filename, text] of Object.entries(files)) {
      await wiki.client().attach('docs', filename, text, { via: 'store' });
      const inert = {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${filename}"`,
      };
      const raw = await wiki.send('GET', `${PAGE}/${filename}?download=raw`);
      expect(Object.fromEntries(raw.headers)).toMatchObject(inert);
      const redirect = await wiki.send('GET', `${PAGE}/${filename}?download=presigned`);
      const direct = await fetch(redirect.headers.get('location') ?? '');
      expect([direct.status, Object.fromEntries(direct.headers)]).toMatchObject([200, inert]);
      expect(await direct.text()).toBe(text);
    }
  });

  test('is refused before anything is sent when that would be in vain', async () => {
    const { wiki } = await servedFromS3({ KITTIWAKE_MAX_UPLOAD: '100KiB' });
    const body = { filename: 'a.bin', upload: 'presigned', size: 5, sha256: sha256(noise(5)) };
    const refusals = [
      [{ size: 1_000_000 }, 'attachment_too_large'],
      [{ size: undefined }, 'body_invalid'],
      [{ size: -1 }, 'upload_invalid'],
      [{ sha256: 'abc' }, 'upload_invalid'],
      [{ content_type: 'text/html; charset=x\r\n' }, 'upload_invalid'],
      [{ filename: 'x.md' }, 'filename_is_page'],
      [{ filename: '..' }, 'filename_invalid'],
    ] as const;
    for (const [wrong, code] of refusals) {
      const answer = await wiki.call('POST', PAGE, { ...body, ...wrong });
      expect([wrong, answer.status, answer.body.code]).toEqual([wrong, 422, code]);
    }
    const absent = await wiki.call('POST', '/pages/absent/attachments', body);
    expect([absent.status, absent.body.code]).toEqual([404, 'page_not_found']);
  });
});

import { describe, expect, test } from 'vitest';
import { ISO_DATE, openWiki, refusal } from '../harness.ts';

/** Contract section 11. */

async function target() {
  const wiki = await openWiki();
  await wiki.write('tgt', 'x');
  const attach = (body: unknown, path = 'tgt') => wiki.call('POST', `/pages/${path}/attachments`, body);
  return { ...wiki, attach };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('attachments (11)', () => {
  test('none', async () => {
    const { call } = await target();
    expect((await call('GET', '/pages/tgt/attachments')).body).toEqual({
      attachments: [],
      path: 'Tgt',
      total: 0,
    });
  });

  test('attach, list, read, delete', async () => {
    const { call, attach } = await target();
    const content = base64('Hello from attachment.');
    const made = await attach({ filename: 'hello.txt', content });
    expect([made.status, made.body]).toEqual([
      201,
      { filename: 'hello.txt', mime_type: 'text/plain', path: 'Tgt', size: 22 },
    ]);
    expect((await call('GET', '/pages/tgt/attachments')).body).toEqual({
      attachments: [
        {
          filename: 'hello.txt',
          last_modified: expect.stringMatching(ISO_DATE),
          mime_type: 'text/plain',
          size: 22,
        },
      ],
      path: 'Tgt',
      total: 1,
    });
    const read = await call('GET', '/pages/tgt/attachments/hello.txt');
    expect(read.body).toEqual({ content, filename: 'hello.txt', mime_type: 'text/plain', size: 22 });
    const again = await call('GET', '/pages/tgt/attachments/hello.txt', undefined, {
      'if-none-match': read.headers.etag ?? '',
    });
    expect(again.status).toBe(304);
    const gone = await call('DELETE', '/pages/tgt/attachments/hello.txt');
    expect([gone.status, gone.body]).toEqual([200, { deleted: true, filename: 'hello.txt' }]);
    expect((await call('GET', '/pages/tgt/attachments')).body.total).toBe(0);
  });

  test('any bytes', async () => {
    const { call, attach } = await target();
    const content = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64');
    await attach({ filename: 'data.bin', content });
    expect((await call('GET', '/pages/tgt/attachments/data.bin')).body).toEqual({
      content,
      filename: 'data.bin',
      mime_type: 'application/octet-stream',
      size: 256,
    });
  });

  test('a page that is not there', async () => {
    const { call, attach } = await target();
    const absent = [404, 'Page not found: Nope'];
    expect(refusal(await call('GET', '/pages/Nope/attachments'))).toEqual(absent);
    expect(refusal(await call('GET', '/pages/Nope/attachments/f'))).toEqual(absent);
    expect(refusal(await call('DELETE', '/pages/Nope/attachments/f'))).toEqual(absent);
    expect(refusal(await attach({ filename: 'f', content: '' }, 'Nope'))).toEqual(absent);
  });

  test('an attachment that is not there', async () => {
    const { call } = await target();
    const absent = [404, 'Attachment not found: no such.txt'];
    expect(refusal(await call('GET', '/pages/tgt/attachments/no%20such.txt'))).toEqual(absent);
    expect(refusal(await call('DELETE', '/pages/tgt/attachments/no%20such.txt'))).toEqual(absent);
  });

  test('the checks in their order, the page last', async () => {
    const { attach } = await target();
    const fields = "Request body must include 'filename' and 'content' fields";
    for (const body of [undefined, {}, { filename: 'x' }, { content: '' }, '{']) {
      expect(refusal(await attach(body, 'Nope'))).toEqual([422, fields]);
    }
    expect(refusal(await attach({ filename: '...', content: 'aGk' }, 'Nope'))).toEqual([
      422,
      'Invalid base64 content',
    ]);
    const large = Buffer.alloc(10 * 1024 * 1024 + 1).toString('base64');
    expect(refusal(await attach({ filename: '...', content: large }, 'Nope'))).toEqual([
      422,
      'Attachment too large (max 10MB)',
    ]);
    expect(refusal(await attach({ filename: '...', content: '' }, 'Nope'))).toEqual([
      422,
      'Invalid filename',
    ]);
    expect((await attach({ filename: 'x', content: '' }, 'Nope')).status).toBe(404);
  });

  test('10 MiB are fine', async () => {
    const { attach } = await target();
    const content = Buffer.alloc(10 * 1024 * 1024, 1).toString('base64');
    const { status, body } = await attach({ filename: 'big.bin', content });
    expect([status, body.size]).toEqual([201, 10_485_760]);
  });

  test('foreign characters in base64 are skipped, missing padding is not', async () => {
    const { call, attach } = await target();
    expect((await attach({ filename: 'f', content: 'aG!k=\n' })).status).toBe(201);
    expect((await call('GET', '/pages/tgt/attachments/f')).body.content).toBe('aGk=');
    expect((await attach({ filename: 'f', content: '' })).status).toBe(201);
  });

  test.each([
    ['My File (1).png', 'My_File_1.png', 'image/png'],
    ['über.pdf', 'uber.pdf', 'application/pdf'],
    ['日本.png', 'png', 'application/octet-stream'],
    ['../../x', 'x', 'application/octet-stream'],
    ['a/b\\c.txt', 'a_bc.txt', 'text/plain'],
    ['.hidden', 'hidden', 'application/octet-stream'],
    ['UPPER.TXT', 'UPPER.TXT', 'text/plain'],
  ])('the file name %s becomes %s', async (filename, safe, type) => {
    const { call, attach } = await target();
    const { body } = await attach({ filename, content: 'eA==' });
    expect([body.filename, body.mime_type]).toEqual([safe, type]);
    const { status } = await call('GET', `/pages/tgt/attachments/${encodeURIComponent(filename)}`);
    expect(status).toBe(200);
  });

  test('a file that would be a page is refused', async () => {
    const { attach } = await target();
    expect((await attach({ filename: 'page.md', content: '' })).body.code).toBe('filename_is_page');
  });

  test('one name is one file; identical bytes make no commit', async () => {
    const { call, attach, head } = await target();
    await attach({ filename: 'f', content: base64('1') });
    expect((await attach({ filename: 'f', content: base64('2') })).status).toBe(201);
    const before = await head();
    expect((await attach({ filename: 'f', content: base64('2') })).status).toBe(201);
    expect(await head()).toBe(before);
    expect((await call('GET', '/pages/tgt/attachments')).body.total).toBe(1);
  });

  test('sub-pages are not listed', async () => {
    const { call, write, attach } = await target();
    await write('tgt/sub', 'y');
    await attach({ filename: 'f', content: '' });
    expect((await call('GET', '/pages/tgt/attachments')).body.total).toBe(1);
  });

  test('optional conditions', async () => {
    const { call, attach } = await target();
    const { headers } = await attach({ filename: 'f', content: base64('1') });
    const etag = headers.etag ?? '';
    const again = { 'if-none-match': '*' };
    const body = { filename: 'f', content: base64('2') };
    expect((await call('POST', '/pages/tgt/attachments', body, again)).status).toBe(412);
    expect((await call('POST', '/pages/tgt/attachments', body, { 'if-match': etag })).status).toBe(201);
    const gone = await call('DELETE', '/pages/tgt/attachments/f', undefined, { 'if-match': etag });
    expect([gone.status, gone.body.code]).toEqual([412, 'precondition_failed']);
    const stale = await call('DELETE', '/pages/tgt/attachments/f', { revision: '0'.repeat(40) });
    expect(stale.status).toBe(409);
  });
});

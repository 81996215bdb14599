import { describe, expect, it } from 'vitest';
import { newWiki } from './wiki-support.ts';

async function wikiWithPage() {
  const test = await newWiki();
  await test.put('Tgt', 'x');
  return test;
}

describe('attachments', () => {
  it('are added, listed, read and removed', async () => {
    const { wiki, messages } = await wikiWithPage();
    const content = Buffer.from('hello attachment world').toString('base64');
    const put = await wiki.putAttachment({ path: 'Tgt', filename: 'hello.txt', content });
    expect(put.body).toEqual({ filename: 'hello.txt', mime_type: 'text/plain', path: 'Tgt', size: 22 });
    expect(await wiki.listAttachments('tgt')).toEqual({
      attachments: [
        {
          filename: 'hello.txt',
          last_modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
          mime_type: 'text/plain',
          size: 22,
        },
      ],
      path: 'Tgt',
      total: 1,
    });
    const read = await wiki.readAttachment('Tgt', 'hello.txt');
    expect(read.body).toEqual({ content, filename: 'hello.txt', mime_type: 'text/plain', size: 22 });
    expect(read.blob).toBe(put.blob);
    expect((await wiki.deleteAttachment({ path: 'Tgt', filename: 'hello.txt' })).body).toEqual({
      deleted: true,
      filename: 'hello.txt',
    });
    expect(await wiki.listAttachments('tgt')).toEqual({ attachments: [], path: 'Tgt', total: 0 });
    expect((await messages()).slice(0, 2)).toEqual([
      '[api] Delete attachment: hello.txt',
      '[api] Attach: hello.txt',
    ]);
  });

  it('are not the sub-pages, nor what lies below them', async () => {
    const { wiki, put, commit } = await wikiWithPage();
    await put('tgt/sub', 'x');
    await commit({ 'tgt/sub/deep.png': 'x', 'tgt/B.bin': 'x', 'tgt/a.bin': '' });
    const { attachments } = await wiki.listAttachments('tgt');
    expect(attachments.map(({ filename, size, mime_type }) => [filename, size, mime_type])).toEqual([
      ['B.bin', 1, 'application/octet-stream'],
      ['a.bin', 0, 'application/octet-stream'],
    ]);
  });

  it('are found by the name as uploaded and as it came from elsewhere', async () => {
    const { wiki, commit } = await wikiWithPage();
    await wiki.putAttachment({ path: 'tgt', filename: 'We ird e.TXT', content: 'aGk=' });
    await commit({ 'tgt/my own (1).png': 'imported' });
    expect((await wiki.readAttachment('tgt', 'We ird e.TXT')).body.filename).toBe('We_ird_e.TXT');
    expect((await wiki.readAttachment('tgt', 'my own (1).png')).body.filename).toBe('my own (1).png');
    await wiki.deleteAttachment({ path: 'tgt', filename: 'my own (1).png' });
    await expect(wiki.readAttachment('tgt', 'my own (1).png')).rejects.toMatchObject({
      code: 'attachment_not_found',
      message: 'Attachment not found: my own (1).png',
    });
  });

  it('of the same name are replaced, and identical ones make no commit', async () => {
    const { wiki, messages } = await wikiWithPage();
    await wiki.putAttachment({ path: 'tgt', filename: 'a.bin', content: Buffer.from([1, 2]) });
    await wiki.putAttachment({ path: 'tgt', filename: 'a.bin', content: 'AQI=' });
    expect(await messages()).toHaveLength(2);
    await wiki.putAttachment({ path: 'tgt', filename: 'a.bin', content: '' });
    expect((await wiki.readAttachment('tgt', 'a.bin')).body).toMatchObject({ content: '', size: 0 });
  });

  it.each([
    ['tgt', 'a.txt', 'aGk', 'base64_invalid', 'Invalid base64 content'],
    ['tgt', '', 'aGk', 'base64_invalid', 'Invalid base64 content'],
    ['absent', '...', 'aGk=', 'filename_invalid', 'Invalid filename'],
    ['absent', 'a.txt', 'aGk=', 'page_not_found', 'Page not found: absent'],
    ['tgt', 'page.md', 'aGk=', 'filename_is_page', expect.stringContaining('pages, not attachments')],
    ['tgt', 'Page.MD', 'aGk=', 'filename_is_page', expect.stringContaining('pages, not attachments')],
    ['tgt', `${'x'.repeat(252)}.txt`, 'aGk=', 'path_invalid', expect.stringContaining('255 bytes')],
    ['../x', 'a.txt', 'aGk=', 'path_invalid', expect.stringContaining('..')],
  ])('at %j named %j with %j are refused: %s', async (path, filename, content, code, message) => {
    const { wiki, files } = await wikiWithPage();
    await expect(wiki.putAttachment({ path, filename, content })).rejects.toMatchObject({ code, message });
    expect(await files()).toEqual(['tgt.md']);
  });

  it('above the limit are refused, up to it they are not', async () => {
    const { wiki, put } = await newWiki({ maxAttachmentBytes: 1024 * 1024 });
    await put('tgt', 'x');
    const filename = 'a.bin';
    await expect(
      wiki.putAttachment({ path: 'tgt', filename, content: new Uint8Array(1024 * 1024 + 1) }),
    ).rejects.toMatchObject({ code: 'attachment_too_large', message: 'Attachment too large (max 1MB)' });
    const { body } = await wiki.putAttachment({
      path: 'tgt',
      filename,
      content: new Uint8Array(1024 * 1024),
    });
    expect(body.size).toBe(1024 * 1024);
  });

  it.each(['../tgt.md', '..', '', '.', 'sub.md', '../../x', 'a/../../tgt.md'])(
    'never reach %j',
    async filename => {
      const { wiki, put, files } = await wikiWithPage();
      await put('tgt/sub', 'x');
      await expect(wiki.readAttachment('tgt', filename)).rejects.toMatchObject({
        code: 'attachment_not_found',
      });
      await expect(wiki.deleteAttachment({ path: 'tgt', filename })).rejects.toMatchObject({
        code: 'attachment_not_found',
      });
      expect(await files()).toEqual(['tgt.md', 'tgt/sub.md']);
    },
  );

  it('check a revision that is given', async () => {
    const { wiki, repository } = await wikiWithPage();
    await wiki.putAttachment({ path: 'tgt', filename: 'a.txt', content: 'aGk=' });
    const old = (await (await repository.view()).file('tgt/a.txt'))?.commit ?? '';
    await wiki.putAttachment({ path: 'tgt', filename: 'a.txt', content: 'aGo=', revision: old });
    await expect(
      wiki.deleteAttachment({ path: 'tgt', filename: 'a.txt', revision: old }),
    ).rejects.toMatchObject({ code: 'revision_mismatch' });
  });
});

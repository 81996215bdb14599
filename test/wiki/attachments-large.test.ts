import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createWiki } from '../../src/wiki/create-wiki.ts';
import { allOf, noise, packFiles, pieces, uploadAs } from '../support/large-files.ts';
import { newWiki } from './wiki-support.ts';

const BYTES = noise(300_000);

async function wikiWithPage() {
  const made = await newWiki({ maxAttachmentBytes: 100_000, maxUploadBytes: 400_000 });
  await made.put('tgt', 'x');
  return made;
}

describe('large attachments', () => {
  it('are committed from an upload, and read as they are', async () => {
    const { wiki, repository, files } = await wikiWithPage();
    const upload = await uploadAs(repository, BYTES);
    const { body } = await wiki.commitUpload({ path: 'Tgt', filename: 'a b.bin', upload });
    expect(body).toMatchObject({ filename: 'a_b.bin', size: BYTES.length, path: 'Tgt' });
    expect(await files()).toEqual(['tgt.md', 'tgt/a_b.bin']);
    const opened = await wiki.openAttachment('tgt', 'a b.bin');
    expect((await allOf(opened.chunks)).equals(BYTES)).toBe(true);
    await expect(wiki.readAttachment('tgt', 'a b.bin')).rejects.toMatchObject({
      code: 'attachment_not_inline',
      message: expect.stringContaining('300000'),
    });
  });

  it.each([
    ['above the limit', { size: 400_001 }, 'attachment_too_large'],
    ['of a page that is not there', { path: 'absent' }, 'page_not_found'],
    ['of a wrong revision', { revision: 'abcdefg' }, 'revision_mismatch'],
  ])('%s are refused before a byte of them is taken', async (_, wrong, code) => {
    const { wiki, repository } = await wikiWithPage();
    await wiki.putAttachment({ path: 'tgt', filename: 'a.bin', content: 'aGk=' });
    const before = await packFiles(repository);
    let taken = 0;
    async function* content() {
      taken += 1;
      yield BYTES;
    }
    const input = { path: 'tgt', filename: 'a.bin', size: BYTES.length, content: content(), ...wrong };
    await expect(wiki.attachStream(input)).rejects.toMatchObject({ code });
    expect([taken, await packFiles(repository)]).toEqual([0, before]);
  });

  it('are given up with nothing stored when the caller stops waiting', async () => {
    const { repository, wiki: prompt } = await wikiWithPage();
    let lateMs = 0;
    const runtime = { ...systemRuntime, now: () => Date.now() + lateMs };
    const wiki = createWiki({ repository, settings: prompt.settings, runtime });
    async function* slow() {
      for await (const piece of pieces(BYTES)) {
        lateMs += 1_000;
        yield piece;
      }
    }
    const input = { path: 'tgt', filename: 'a.bin', size: BYTES.length, content: slow() };
    await expect(wiki.attachStream(input, { deadlineMs: Date.now() + 3_000 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    expect(await packFiles(repository)).toEqual([]);
  });

  it('come back whole when the commit that replaced them is undone', async () => {
    const { wiki, repository } = await wikiWithPage();
    await wiki.commitUpload({ path: 'tgt', filename: 'a.bin', upload: await uploadAs(repository, BYTES) });
    const other = await uploadAs(repository, noise(300_000, 9));
    const { commit } = await wiki.commitUpload({ path: 'tgt', filename: 'a.bin', upload: other });
    await wiki.revert(commit ?? '');
    expect((await allOf((await wiki.openAttachment('tgt', 'a.bin')).chunks)).equals(BYTES)).toBe(true);
    const third = await uploadAs(repository, noise(300_000, 10));
    await wiki.commitUpload({ path: 'tgt', filename: 'a.bin', upload: third });
    await expect(wiki.revert(commit ?? '')).rejects.toMatchObject({ code: 'revert_conflict' });
  });

  it('move with their page while no flush has listed their pack', async () => {
    const { wiki, repository } = await wikiWithPage();
    await wiki.commitUpload({ path: 'tgt', filename: 'a.bin', upload: await uploadAs(repository, BYTES) });
    await wiki.renamePage({ path: 'tgt', newPath: 'moved' });
    await repository.flusher.flush();
    expect((await allOf((await wiki.openAttachment('moved', 'a.bin')).chunks)).equals(BYTES)).toBe(true);
  });

  it.each([
    ['plain.pdf', 'application/pdf', 'attachment; filename="plain.pdf"'],
    [
      'übung "1".PDF',
      'application/pdf',
      `attachment; filename="_bung _1_.PDF"; filename*=UTF-8''%C3%BCbung%20%221%22.PDF`,
    ],
    [
      `it's; (1)*.html`,
      'application/octet-stream',
      `attachment; filename="it_s; (1)_.html"; filename*=UTF-8''it%27s%3B%20%281%29%2A.html`,
    ],
    ['x.svgz', 'application/octet-stream', 'attachment; filename="x.svgz"'],
  ])('are saved under their own name, whatever it is: %s', async (name, type, disposition) => {
    const { wiki, commit } = await wikiWithPage();
    await commit({ [`tgt/${name}`]: 'x' });
    expect(await wiki.openAttachment('tgt', name)).toMatchObject({ contentType: type, disposition });
  });
});

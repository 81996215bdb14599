import { describe, expect, it } from 'vitest';
import { craftHistory } from './crafted-history.ts';
import { newWiki } from './wiki-support.ts';

async function crafted() {
  const test = await newWiki();
  return { ...test, made: await craftHistory(test) };
}

describe('revisions in a history with branches', () => {
  it('are not found by digits that two commits share', async () => {
    const { wiki, made } = await crafted();
    const shared = made.left.slice(0, 7);
    expect(made.right.slice(0, 7)).toBe(shared);
    for (const revision of [shared, shared.slice(0, 4)]) {
      await expect(wiki.readPage('left', { revision })).rejects.toMatchObject({ code: 'page_not_found' });
      await expect(wiki.revert(revision)).rejects.toMatchObject({ code: 'commit_not_found' });
    }
    expect((await wiki.readPage('left', { revision: made.left.slice(0, 12) })).body.content).toBe('L');
    expect((await wiki.readPage('left', { revision: made.right })).body).toMatchObject({
      content: 'old',
      revision: '',
    });
  });

  it('lock a page by digits that another commit shares', async () => {
    const { wiki, made } = await crafted();
    expect((await wiki.readPage('left')).body.revision).toBe(made.left);
    const { body } = await wiki.putPage({ path: 'left', content: 'x', revision: made.left.slice(0, 7) });
    expect(body.created).toBe(false);
  });

  it('of a side branch lock only the page they touched last', async () => {
    const { wiki, made } = await crafted();
    const put = (path: string, revision: string) =>
      wiki.putPage({ path, content: 'x', revision }, { dryRun: true });
    expect((await wiki.readPage('right')).body.revision).toBe(made.right);
    await expect(put('other', made.right)).rejects.toMatchObject({ code: 'revision_mismatch' });
    await expect(put('left', made.right)).rejects.toMatchObject({ code: 'revision_mismatch' });
    expect((await put('right', made.right)).body.created).toBe(false);
    expect((await put('other', made.left)).body.created).toBe(false);
    await expect(put('right', made.left)).rejects.toMatchObject({ code: 'revision_mismatch' });
    for (const path of ['left', 'right', 'other'])
      expect((await put(path, made.merge)).body.created).toBe(false);
  });

  it('are not the names or ids of tags', async () => {
    const { wiki, made } = await crafted();
    for (const revision of [made.tag, made.tag.slice(0, 10), 'v1', 'refs/tags/v1', 'refs/heads/main']) {
      await expect(wiki.readPage('left', { revision })).rejects.toMatchObject({ code: 'page_not_found' });
      await expect(
        wiki.putPage({ path: 'left', content: 'x', revision: `${revision}0000000` }),
      ).rejects.toMatchObject({
        code: 'revision_mismatch',
      });
    }
  });

  it('of a side branch can be reverted and restored from', async () => {
    const { wiki, made, text } = await crafted();
    expect((await wiki.revert(made.right)).body.pages).toEqual(['Right']);
    expect(await text('right')).toBe('old');
    await wiki.restorePage({ path: 'right', to: made.right });
    expect(await text('right')).toBe('R');
  });
});

describe('links and submodules in the repository', () => {
  async function withLink() {
    const test = await newWiki();
    await test.put('page', 'x');
    const view = await test.repository.view();
    const { oid = '', size = 0 } = (await view.file('page.md')) ?? {};
    await test.repository.commit({
      plan: async () => ({
        kind: 'commit',
        draft: {
          changes: [
            { path: 'link.md', to: { oid, size, mode: 0o120000 } },
            { path: 'page/link.png', to: { oid, size, mode: 0o120000 } },
          ],
          message: 'links',
          author: { name: 'a', email: 'b' },
        },
        result: () => undefined,
      }),
    });
    return test;
  }

  it('are neither pages nor attachments, and are not written through', async () => {
    const { wiki, files } = await withLink();
    await expect(wiki.readPage('link')).rejects.toMatchObject({ code: 'page_not_found' });
    await expect(wiki.deletePage({ path: 'link' })).rejects.toMatchObject({ code: 'page_not_found' });
    await expect(wiki.putPage({ path: 'link', content: 'y' })).rejects.toMatchObject({
      code: 'path_is_link',
    });
    await expect(wiki.putPage({ path: 'link.md/x', content: 'y' })).rejects.toMatchObject({
      code: 'path_under_page',
    });
    await expect(wiki.readAttachment('page', 'link.png')).rejects.toMatchObject({
      code: 'attachment_not_found',
    });
    await expect(
      wiki.putAttachment({ path: 'page', filename: 'link.png', content: 'aGk=' }),
    ).rejects.toMatchObject({ code: 'path_is_link' });
    expect((await wiki.listAttachments('page')).total).toBe(0);
    expect(await files()).toEqual(['link.md', 'page.md', 'page/link.png']);
  });

  it('go where their page goes', async () => {
    const { wiki, files, repository } = await withLink();
    await wiki.renamePage({ path: 'page', newPath: 'moved' });
    expect(await files()).toEqual(['link.md', 'moved.md', 'moved/link.png']);
    expect((await (await repository.view()).file('moved/link.png'))?.mode).toBe(0o120000);
    await wiki.deletePage({ path: 'moved', recursive: true });
    expect(await files()).toEqual(['link.md']);
  });
});

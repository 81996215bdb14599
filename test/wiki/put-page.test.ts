import { describe, expect, it } from 'vitest';
import { newWiki } from './wiki-support.ts';

describe('putting a page', () => {
  it('creates it, whatever revision is given', async () => {
    const { wiki } = await newWiki();
    const { body, blob, commit } = await wiki.putPage({ path: 'Docs/New', content: '', revision: 'abc' });
    expect(body).toEqual({ created: true, name: 'New', path: 'Docs/New', revision: commit });
    expect(blob).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  });

  it('replaces it with the revision of its newest commit', async () => {
    const { wiki, put, text, messages } = await newWiki();
    const revision = await put('p', 'one');
    const { body } = await wiki.putPage({
      path: 'p',
      content: 'two\r\nthree',
      revision: revision.slice(0, 7),
    });
    expect(body).toMatchObject({ created: false, name: 'P', path: 'P' });
    expect(body.revision).not.toBe(revision);
    expect(await text('p')).toBe('two\r\nthree');
    expect(await messages()).toEqual(['[api] Update: p', '[api] Create: p']);
  });

  it.each([
    [
      undefined,
      'revision_required',
      'Revision required when updating an existing page. Read the page first to get the current revision.',
    ],
    [
      '',
      'revision_required',
      'Revision required when updating an existing page. Read the page first to get the current revision.',
    ],
    ['abcdef', 'revision_short', 'revision must be at least 7 characters'],
    ['0'.repeat(40), 'revision_mismatch', 'Revision mismatch: page has been modified since last read.'],
    ['-n 1 --x', 'revision_mismatch', 'Revision mismatch: page has been modified since last read.'],
  ])('with revision %j is refused: %s', async (revision, code, message) => {
    const { wiki, put, text } = await newWiki();
    const current = await put('p', 'one');
    await expect(wiki.putPage({ path: 'p', content: 'two', revision })).rejects.toMatchObject({
      code,
      message,
      data: code === 'revision_mismatch' ? { current_revision: current } : {},
    });
    expect(await text('p')).toBe('one');
  });

  it('compares the revision with regard to case', async () => {
    const { wiki, put } = await newWiki();
    let revision = '';
    for (let i = 0; !/[a-f]/.test(revision.slice(0, 7)); i++) revision = await put('p', `text ${i}`);
    await expect(
      wiki.putPage({ path: 'p', content: 'x', revision: revision.toUpperCase() }),
    ).rejects.toMatchObject({ code: 'revision_mismatch' });
  });

  it('makes no commit for identical content', async () => {
    const { wiki, put, messages } = await newWiki();
    const revision = await put('p', 'one');
    const { body, commit } = await wiki.putPage({ path: 'p', content: 'one', revision });
    expect(body).toMatchObject({ created: false, revision });
    expect(commit).toBeUndefined();
    expect(await messages()).toHaveLength(1);
  });

  it('accepts a full revision of the line after which nothing touched the page', async () => {
    const { wiki, put } = await newWiki();
    const before = await put('a', 'before the page');
    await put('p', 'one');
    const after = await put('a', 'after the page');
    await expect(wiki.putPage({ path: 'p', content: 'x', revision: before })).rejects.toMatchObject({
      code: 'revision_mismatch',
    });
    await expect(
      wiki.putPage({ path: 'p', content: 'x', revision: after.slice(0, 39) }),
    ).rejects.toMatchObject({
      code: 'revision_mismatch',
    });
    const { body } = await wiki.putPage({ path: 'p', content: 'two', revision: after });
    await expect(wiki.putPage({ path: 'p', content: 'x', revision: after })).rejects.toMatchObject({
      data: { current_revision: body.revision },
    });
  });

  it('does not take equal text for the same revision', async () => {
    const { wiki, put } = await newWiki();
    const first = await put('p', 'same');
    await put('p', 'other');
    await put('p', 'same');
    await expect(wiki.putPage({ path: 'p', content: 'x', revision: first })).rejects.toMatchObject({
      code: 'revision_mismatch',
    });
    const third = (await wiki.readPage('p')).body.revision;
    await wiki.deletePage({ path: 'p' });
    const { body } = await wiki.putPage({ path: 'p', content: 'same' });
    await expect(wiki.putPage({ path: 'p', content: 'x', revision: third })).rejects.toMatchObject({
      data: { current_revision: body.revision },
    });
  });

  it('lets If-Match take the place of the revision', async () => {
    const { wiki, put } = await newWiki();
    await put('p', 'one');
    const { blob, etag } = await wiki.readPage('p');
    const { blob: next } = await wiki.putPage({ path: 'p', content: 'two', ifMatch: etag });
    await wiki.putPage({ path: 'p', content: 'three', ifMatch: `"${next}"` });
    await wiki.putPage({ path: 'p', content: 'four', ifMatch: '*' });
    for (const ifMatch of [etag, `"${blob}"`, 'W/"x"', '"*"']) {
      await expect(wiki.putPage({ path: 'p', content: 'x', ifMatch })).rejects.toMatchObject({
        code: 'precondition_failed',
      });
    }
    await expect(wiki.putPage({ path: 'absent', content: 'x', ifMatch: '*' })).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    await expect(wiki.putPage({ path: 'p', content: 'x', ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    expect((await wiki.putPage({ path: 'new', content: 'x', ifNoneMatch: '*' })).body.created).toBe(true);
  });

  it('takes author and message from the caller', async () => {
    const { wiki } = await newWiki();
    await wiki.putPage(
      { path: 'p', content: 'x' },
      { author: { name: 'Ann', email: 'ann@example.org' }, commitMessage: 'First  \n  second line\n\n' },
    );
    const { last_commit } = (await wiki.readPage('p')).body;
    expect(last_commit).toMatchObject({ author: 'Ann', message: 'First\nsecond line' });
    await wiki.putPage({ path: 'q', content: 'x' }, { commitMessage: '' });
    expect((await wiki.readPage('q')).body.last_commit?.message).toBe('[api] Create: q');
  });

  it('refuses text that UTF-8 cannot say', async () => {
    const { wiki, files } = await newWiki();
    await expect(wiki.putPage({ path: 'p', content: 'a\ud800b' })).rejects.toMatchObject({
      code: 'text_invalid',
    });
    expect(await files()).toEqual([]);
  });

  it.each([
    '../evil',
    'a/../../b',
    '.git/config2',
    'x/.GIT',
    'a\0b',
    '.',
    '',
    'a/./b',
    'git~1/x',
    'x'.repeat(300),
  ])('refuses the path %j and changes nothing', async path => {
    const { wiki, put, files } = await newWiki();
    await put('p', 'x');
    await expect(wiki.putPage({ path, content: 'y' })).rejects.toMatchObject({ code: 'path_invalid' });
    expect(await files()).toEqual(['p.md']);
  });

  it('refuses a page where a folder is needed, and the reverse', async () => {
    const { wiki, commit, files } = await newWiki();
    await commit({ 'folder.md/x.md': 'x', file: 'plain' });
    await expect(wiki.putPage({ path: 'folder', content: 'y' })).rejects.toMatchObject({
      code: 'path_is_folder',
    });
    await expect(wiki.putPage({ path: 'file/below', content: 'y' })).rejects.toMatchObject({
      code: 'path_under_page',
    });
    expect(await files()).toEqual(['file', 'folder.md/x.md']);
  });

  it('shows what it would do, and does not, when it is tried out', async () => {
    const { wiki, put, text, messages } = await newWiki();
    const revision = await put('p', 'one');
    const { body, commit } = await wiki.putPage({ path: 'p', content: 'two', revision }, { dryRun: true });
    expect(body).toEqual({
      created: false,
      name: 'P',
      path: 'P',
      revision,
      dry_run: true,
      changes: [{ path: 'p.md', action: 'update' }],
    });
    expect(commit).toBeUndefined();
    const fresh = await wiki.putPage({ path: 'q', content: 'x' }, { dryRun: true });
    expect(fresh.body).toMatchObject({
      created: true,
      revision: '',
      changes: [{ path: 'q.md', action: 'create' }],
    });
    await expect(wiki.putPage({ path: 'p', content: 'x' }, { dryRun: true })).rejects.toMatchObject({
      code: 'revision_required',
    });
    expect(await text('p')).toBe('one');
    expect(await messages()).toHaveLength(1);
  });

  it('gives a repeated request the first answer', async () => {
    const { wiki, text, messages } = await newWiki();
    const idempotency = { key: 'a'.repeat(64), fingerprint: 'b'.repeat(64) };
    const first = await wiki.putPage({ path: 'p', content: 'x' }, { idempotency });
    const again = await wiki.putPage({ path: 'p', content: 'x' }, { idempotency });
    expect(first.replayed).toBe(false);
    expect(again).toEqual({ ...first, replayed: true });
    await expect(
      wiki.putPage(
        { path: 'p', content: 'y' },
        { idempotency: { ...idempotency, fingerprint: 'c'.repeat(64) } },
      ),
    ).rejects.toMatchObject({ code: 'idempotency_mismatch' });
    expect(await text('p')).toBe('x');
    expect(await messages()).toHaveLength(1);
  });

  it('lets exactly one of many writers with one revision win', async () => {
    const { wiki, put, messages } = await newWiki();
    const revision = await put('p', 'start');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => wiki.putPage({ path: 'p', content: `writer ${i}`, revision })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await messages()).toHaveLength(2);
  });
});

describe('deleting a page', () => {
  it('removes the page and leaves what lies below', async () => {
    const { wiki, put, files, messages } = await newWiki();
    await put('Delete-Me', '[[target]]');
    await put('delete-me/sub', 'x');
    await wiki.putAttachment({ path: 'delete-me', filename: 'a.txt', content: 'aGk=' });
    expect((await wiki.deletePage({ path: 'Delete-Me' })).body).toEqual({ deleted: true, path: 'Delete-Me' });
    expect(await files()).toEqual(['delete-me/a.txt', 'delete-me/sub.md']);
    expect((await messages())[0]).toBe('[api] Delete: Delete-Me');
    expect((await wiki.pageLinks('target')).linked_from).toEqual([]);
    await expect(wiki.deletePage({ path: 'Delete-Me' })).rejects.toMatchObject({ code: 'page_not_found' });
  });

  it('removes all of it when asked to', async () => {
    const { wiki, put, files } = await newWiki();
    await put('d', 'x');
    await put('d/e/f', 'x');
    await put('dd', 'stays');
    await wiki.putAttachment({ path: 'd', filename: 'a.txt', content: 'aGk=' });
    const { body } = await wiki.deletePage({ path: 'd', recursive: true });
    expect(body).toEqual({ deleted: true, path: 'D', deleted_pages: ['D/E/F'], deleted_attachments: 1 });
    expect(await files()).toEqual(['dd.md']);
  });

  it('checks a revision that is given', async () => {
    const { wiki, put } = await newWiki();
    const first = await put('p', 'one');
    const second = await put('p', 'two');
    await expect(wiki.deletePage({ path: 'p', revision: first })).rejects.toMatchObject({
      data: { current_revision: second },
    });
    await expect(wiki.deletePage({ path: 'p', revision: 'abc' })).rejects.toMatchObject({
      code: 'revision_short',
    });
    expect((await wiki.deletePage({ path: 'p', revision: second })).body.deleted).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { newWiki } from './wiki-support.ts';

const REVISION = /^[0-9a-f]{40}$/;

describe('reading a page', () => {
  it('answers what the contract shows', async () => {
    const { wiki, put } = await newWiki();
    await put('Other', 'see [[fm-read]]');
    const content = '---\ntitle: My Page\n---\nBody [[Other]]';
    const revision = await put('fm-read', content);
    const { body, blob, etag } = await wiki.readPage('Fm-Read');
    expect(body).toEqual({
      content,
      frontmatter: { title: 'My Page' },
      last_commit: {
        author: 'Kittiwake',
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
        message: '[api] Create: fm-read',
        revision,
      },
      linked_from: ['Other'],
      links_to: ['Other'],
      name: 'My Page',
      path: 'Fm-Read',
      revision,
    });
    expect(revision).toMatch(REVISION);
    expect(etag).toMatch(new RegExp(`^"${blob}-[0-9a-f]{16}"$`));
  });

  it('gives another ETag when only what links to it changes', async () => {
    const { wiki, put } = await newWiki();
    await put('a', 'x');
    const before = await wiki.readPage('a');
    await put('b', '[[a]]');
    const after = await wiki.readPage('a');
    expect(after.blob).toBe(before.blob);
    expect(after.etag).not.toBe(before.etag);
  });

  it('refuses a page that is not there, by the path as asked for', async () => {
    const { wiki } = await newWiki();
    await expect(wiki.readPage('No/Such Page')).rejects.toMatchObject({
      code: 'page_not_found',
      message: 'Page not found: No/Such Page',
    });
  });

  it('takes an empty file for a page', async () => {
    const { wiki, put } = await newWiki();
    await put('empty', '');
    expect((await wiki.readPage('empty')).body).toMatchObject({
      content: '',
      frontmatter: null,
      name: 'Empty',
    });
  });

  it('finds a page whose file kept its case by that name only', async () => {
    const { wiki, commit } = await newWiki();
    await commit({ 'Foo.md': 'legacy' });
    await expect(wiki.readPage('foo')).rejects.toMatchObject({ code: 'page_not_found' });
    expect((await wiki.readPage('Foo')).body).toMatchObject({ content: 'legacy', path: 'Foo' });
    const { body } = await wiki.putPage({ path: 'Foo', content: 'new' });
    expect(body).toMatchObject({ created: true, path: 'Foo' });
    expect((await wiki.readPage('foo')).body.content).toBe('new');
  });

  it('keeps titles of every type, and falls back where there is none', async () => {
    const { wiki, put } = await newWiki();
    await put('a/number', '---\ntitle: 5\n---\n');
    await put('a/date', '---\ntitle: 2026-03-09\n---\n');
    await put('a/none', '---\ntitle:\n---\n');
    const names = await Promise.all(
      ['a/number', 'a/date', 'a/none'].map(async path => (await wiki.readPage(path)).body.name),
    );
    expect(names).toEqual([5, 'Mon, 09 Mar 2026 00:00:00 GMT', 'None']);
  });

  it('refuses a page that is not text, and lets it be replaced', async () => {
    const { wiki, commit } = await newWiki();
    const revision = await commit({ 'binary.md': Buffer.from([0xff, 0xfe, 0x00]) });
    await expect(wiki.readPage('binary')).rejects.toMatchObject({ code: 'page_not_text' });
    expect((await wiki.listPages()).total).toBe(0);
    const { body } = await wiki.putPage({ path: 'binary', content: 'text now', revision });
    expect(body.created).toBe(false);
  });

  it('sees neither links nor folders as pages', async () => {
    const { wiki, put } = await newWiki();
    await put('folder.md/x', 'in a folder with a page-like name');
    await expect(wiki.readPage('folder')).rejects.toMatchObject({ code: 'page_not_found' });
  });

  it('answers a section when asked for one', async () => {
    const { wiki, put } = await newWiki();
    await put('s', '# A\none\n## B\ntwo\n# C\nthree\n');
    expect((await wiki.readPage('s', { section: 'B' })).body.content).toBe('## B\ntwo\n');
    await expect(wiki.readPage('s', { section: 'D' })).rejects.toMatchObject({
      code: 'section_not_found',
      data: { sections: ['A', 'A > B', 'C'] },
    });
  });
});

describe('reading a page as of a revision', () => {
  it('answers the text of then, with the commit if it touched the page', async () => {
    const { wiki, put } = await newWiki();
    const first = await put('p', 'one [[x]]');
    const other = await put('q', 'other');
    const second = await put('p', 'two [[y]]');
    const at = async (revision: string) => (await wiki.readPage('p', { revision })).body;
    expect(await at(first)).toMatchObject({ content: 'one [[x]]', revision: first, links_to: ['Y'] });
    expect(await at(other)).toMatchObject({ content: 'one [[x]]', revision: '', last_commit: null });
    expect(await at('HEAD')).toMatchObject({ content: 'two [[y]]', revision: second });
    expect(await at(first.slice(0, 8).toUpperCase())).toMatchObject({
      content: 'one [[x]]',
      revision: first,
    });
    await put('q', 'more');
    expect(await at('HEAD')).toMatchObject({ content: 'two [[y]]', revision: '', last_commit: null });
  });

  it('answers for a page that was deleted since', async () => {
    const { wiki, put } = await newWiki();
    const revision = await put('gone', 'was here');
    await wiki.deletePage({ path: 'gone' });
    const { body } = await wiki.readPage('gone', { revision });
    expect(body).toMatchObject({ content: 'was here', revision, links_to: [] });
  });

  it.each([
    '-p',
    '--help',
    'head',
    'abc',
    'HEAD~1',
    'master',
    'zzzzzzz',
    '0'.repeat(40),
    'a'.repeat(64),
    'a'.repeat(65),
    ' ',
  ])('does not know %j', async revision => {
    const { wiki, put } = await newWiki();
    await put('p', 'x');
    await expect(wiki.readPage('p', { revision })).rejects.toMatchObject({ code: 'page_not_found' });
  });

  it('knows no tree and no blob', async () => {
    const { wiki, put, repository } = await newWiki();
    await put('p', 'x');
    const view = await repository.view();
    const commit = await view.commit(view.head ?? '');
    for (const revision of [commit?.tree ?? '', (await view.file('p.md'))?.oid ?? '']) {
      expect(revision).toMatch(REVISION);
      await expect(wiki.readPage('p', { revision })).rejects.toMatchObject({ code: 'page_not_found' });
    }
  });

  it('does not find a page before it was made', async () => {
    const { wiki, put } = await newWiki();
    const before = await put('a', 'x');
    await put('b', 'y');
    await expect(wiki.readPage('b', { revision: before })).rejects.toMatchObject({ code: 'page_not_found' });
  });
});

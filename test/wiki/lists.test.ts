import { describe, expect, it } from 'vitest';
import { newWiki } from './wiki-support.ts';

describe('listing pages', () => {
  it('answers what the contract shows, in the order of the files', async () => {
    const { wiki, put } = await newWiki();
    await put('docs/b', '---\ntitle: 7\ntags: [x, Y, 3]\ncategory: Foo\n---\none two\u00a0three\n\nfour');
    await put('docs/a b', 'plain text');
    await put('docs', '---\ntags: "a, b ,,c"\ncategory: 5\n---\n');
    const { pages, total } = await wiki.listPages();
    expect(total).toBe(3);
    const last_updated = new Date().toISOString().slice(0, 10);
    expect(pages).toEqual([
      { category: '5', content_length: 0, last_updated, name: 'Docs', path: 'Docs', tags: ['a', 'b', 'c'] },
      { category: null, content_length: 2, last_updated, name: 'A B', path: 'Docs/A B', tags: [] },
      { category: 'Foo', content_length: 4, last_updated, name: 7, path: 'Docs/B', tags: ['x', 'Y', '3'] },
    ]);
  });

  it('orders by the files in code points, not by what is shown', async () => {
    const { wiki, commit } = await newWiki();
    await commit({
      'b.md': '',
      'B.md': '',
      'a/z.md': '',
      'a.md': '',
      '\ufffd.md': '',
      '😀.md': '',
      'a-b.md': '',
    });
    expect((await wiki.listPages()).pages.map(({ path }) => path)).toEqual([
      'B',
      'A-B',
      'A',
      'A/Z',
      'B',
      '\ufffd',
      '😀',
    ]);
  });

  it.each([
    [{ prefix: 'docs/' }, ['Docs/A']],
    [{ prefix: ' DOCS ' }, ['Docs', 'Docs/A', 'Docs2']],
    [{ prefix: '/docs' }, []],
    [{ prefix: 'docs.md' }, []],
    [{ category: ' foo ' }, ['Docs']],
    [{ category: 'fo' }, []],
    [{ tag: 'ONE' }, ['Docs', 'Docs/A']],
    [{ tag: 'one', prefix: 'docs/' }, ['Docs/A']],
    [{ tag: '', prefix: ' ', category: '', updatedSince: ' ' }, ['Docs', 'Docs/A', 'Docs2']],
    [{ updatedSince: '2000-01-01' }, ['Docs', 'Docs/A', 'Docs2']],
    [{ updatedSince: '2099-01-01T00:00:00+05:30' }, []],
  ])('passes %j', async (filter, paths) => {
    const { wiki, put } = await newWiki();
    await put('docs', '---\ncategory: FOO\ntags: [One]\n---\n');
    await put('docs/a', '---\ntags: one\n---\n');
    await put('docs2', '---\ntags: null\ncategory: [a]\n---\n');
    expect((await wiki.listPages(filter)).pages.map(({ path }) => path)).toEqual(paths);
  });

  it.each(['yesterday', '2026-13-01', '2026-01-01T00:00:00 05:00', '2026-1-1'])(
    'refuses the date %j',
    async updatedSince => {
      const { wiki } = await newWiki();
      await expect(wiki.listPages({ updatedSince })).rejects.toMatchObject({
        code: 'updated_since_invalid',
        message: 'Invalid updated_since format. Use ISO 8601.',
      });
    },
  );

  it('follows every write', async () => {
    const { wiki, put } = await newWiki();
    expect(await wiki.listPages()).toEqual({ pages: [], total: 0 });
    await put('a', 'one');
    expect((await wiki.listPages()).pages[0]?.content_length).toBe(1);
    await put('a', 'one two');
    expect((await wiki.listPages()).pages[0]?.content_length).toBe(2);
    await wiki.deletePage({ path: 'a' });
    expect((await wiki.listPages()).total).toBe(0);
  });
});

describe('links', () => {
  it('of a page are its wiki links and those to it', async () => {
    const { wiki, put } = await newWiki();
    await put(
      'Link-Source',
      '[[Target Page]] [[Another]] [[text|Another#x]] `[[InCode]]` [md](/nolink) [[#anchor]]',
    );
    await put('Source-A', '[[ /Link-Source ]]');
    expect(await wiki.pageLinks('Link-Source')).toEqual({
      linked_from: ['Source-A'],
      links_to: ['Another', 'Incode', 'Target Page'],
      path: 'Link-Source',
    });
  });

  it('of pages that are not there tell who links to them', async () => {
    const { wiki, put } = await newWiki();
    await put('a', '[[OldTarget]]');
    expect(await wiki.pageLinks('OldTarget')).toEqual({
      linked_from: ['A'],
      links_to: [],
      path: 'Oldtarget',
    });
    expect(await wiki.pageLinks('unknown')).toEqual({ linked_from: [], links_to: [], path: 'Unknown' });
  });

  it('form a graph of all pages and targets', async () => {
    const { wiki, put } = await newWiki();
    await put('home', '[[Node A]] [[node b]]');
    await put('node a', '[[Home]]');
    await put('alone', 'nothing');
    expect(await wiki.linkGraph()).toEqual({
      edges: [
        { source: 'Home', target: 'Node A' },
        { source: 'Home', target: 'Node B' },
        { source: 'Node A', target: 'Home' },
      ],
      nodes: ['Home', 'Node A', 'Node B'],
    });
  });

  it('keep case where the settings retain it', async () => {
    const { wiki, put } = await newWiki({ retainPageNameCase: true });
    await put('Home', '[[Target]] [[target]]');
    expect((await wiki.pageLinks('Home')).links_to).toEqual(['Target', 'target']);
    expect((await wiki.pageLinks('Target')).linked_from).toEqual(['Home']);
    expect((await wiki.pageLinks('TARGET')).linked_from).toEqual([]);
  });
});

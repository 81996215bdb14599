import { existsSync, realpathSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commitFiles, draftOf } from '../support/repository.ts';
import { countedPageText, found, newWiki, openIndex, temporaryFile } from './search-support.ts';

describe('SearchIndex', () => {
  it('finds what was committed before the search', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    expect(await found(index, wiki, 'cliff')).toEqual([]);
    await commitFiles(wiki, { 'a.md': 'Cliffs', 'b.md': 'sea', 'cliff.txt': 'cliff' });
    expect(await found(index, wiki, 'cliff')).toEqual(['a.md']);
    await commitFiles(wiki, { 'a.md': 'sand', 'b.md': 'sea and cliff' });
    expect(await found(index, wiki, 'cliff')).toEqual(['b.md']);
    await commitFiles(wiki, { 'b.md': null });
    expect(await found(index, wiki, 'cliff')).toEqual([]);
    expect(await index.status()).toMatchObject({ pages: 1, cursor: { ordinal: 2 }, repairs: 0 });
  });

  it('answers with name, path, score and snippet, the best first, then in file order', async () => {
    const [wiki, index] = [await newWiki(), openIndex({ displayPath: path => path.toUpperCase() })];
    await commitFiles(wiki, {
      '\uffee.md': 'a gull',
      '🙂.md': 'a gull',
      'a.md': '---\ntitle: Gull 1\n---\nbird',
      'a/b.md': 'a gull',
      'n.md': '---\ntitle: 12\n---\n gull',
    });
    const answer = await index.search(await wiki.view(), ' gull ');
    expect(answer).toEqual({
      query: 'gull',
      total: 5,
      results: [
        { name: 'Gull 1', path: 'A.MD', score: 1, snippet: '' },
        { name: 'B', path: 'A/B.MD', score: 0.5, snippet: 'a gull' },
        { name: '12', path: 'N.MD', score: 0.5, snippet: 'gull' },
        { name: '\uffee', path: '\uffee.MD', score: 0.5, snippet: 'a gull' },
        { name: '🙂', path: '🙂.MD', score: 0.5, snippet: 'a gull' },
      ],
    });
  });

  it('gives the part of the hits that is asked for, with the number of all', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, { 'a.md': 'gull', 'b.md': 'gull', 'c.md': 'gull', 'd.md': 'tern' });
    const answer = await index.search(await wiki.view(), 'GULL', { offset: 1, limit: 1 });
    expect(answer.total).toBe(3);
    expect(answer.results).toEqual([{ name: 'B', path: 'b.md', score: 0.5, snippet: 'gull' }]);
  });

  it.each([
    ['a "quote', 'x a "quote b'],
    ['NOT near(a* OR -b)', 'not near(a* or -b)'],
    ['col:umn', 'a col:umn'],
    ['ab\0cd', 'x ab\0cd'],
    ['^start', 'a ^START'],
    ['x', 'an x'],
    ['東京', '私は東京にいる'],
    ['İstanbul', 'to İSTANBUL'],
    ['ΟΔΌΣ', 'η οδός'],
    ["o'neil\\%_", "o'NEIL\\%_"],
  ])('takes %j literally', async (query, text) => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, { 'one.md': `zz ${text} zz`, 'two.md': 'zzz' });
    expect(await found(index, wiki, query)).toEqual(['one.md']);
  });

  it('finds no page that only has the trigrams of a term', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, { 'a.md': 'abcx xbcd', 'b.md': 'abcd' });
    expect(await found(index, wiki, 'abcd')).toEqual(['b.md']);
  });

  it('finds a term of the name and does not find one across name and text', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, { 'puffin.md': 'colony' });
    expect(await found(index, wiki, 'puff')).toEqual(['puffin.md']);
    expect(await found(index, wiki, 'nco')).toEqual([]);
  });

  it('takes in only what changed since', async () => {
    const { pageText, paths } = countedPageText();
    const [wiki, index] = [await newWiki(), openIndex({ pageText })];
    await commitFiles(wiki, { 'a.md': 'one', 'b.md': 'two', 'c.md': 'three' });
    await index.catchUp(await wiki.view());
    paths.length = 0;
    await commitFiles(wiki, { 'b.md': 'two again' });
    await commitFiles(wiki, { 'b.md': 'two once more', 'd.md': 'four' });
    await index.catchUp(await wiki.view());
    await index.catchUp(await wiki.view());
    expect(paths.sort()).toEqual(['b.md', 'd.md']);
  });

  it('leaves out what is not UTF-8, also when it was a page before', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, { 'a.md': 'gull', 'b.md': 'gull' });
    expect(await found(index, wiki, 'gull')).toEqual(['a.md', 'b.md']);
    const changes = [{ path: 'a.md', to: { bytes: Buffer.from([0x67, 0x75, 0x6c, 0x6c, 0xff]) } }];
    const draft = { ...draftOf({}), changes };
    await wiki.commit({ plan: async () => ({ kind: 'commit', draft, result: made => made.oid }) });
    expect(await found(index, wiki, 'gull')).toEqual(['b.md']);
    expect((await index.status()).pages).toBe(1);
  });

  it('reads from the file what another handle has taken in', async () => {
    const file = temporaryFile('pages.sqlite');
    const wiki = await newWiki();
    await commitFiles(wiki, { 'a.md': 'gull' });
    expect(await found(openIndex({ file }), wiki, 'gull')).toEqual(['a.md']);
    const { pageText, paths } = countedPageText();
    expect(await found(openIndex({ file, pageText }), wiki, 'gull')).toEqual(['a.md']);
    expect(paths).toEqual([]);
  });

  it('reads everything again when the text of pages depends on other settings', async () => {
    const file = temporaryFile('pages.sqlite');
    const wiki = await newWiki();
    await commitFiles(wiki, { 'a.md': 'gull', 'b.md': 'gull' });
    await openIndex({ file, variant: '1' }).catchUp(await wiki.view());
    const other = openIndex({
      file,
      variant: '2',
      pageText: (_, bytes) => ({ name: 'n', body: `tern ${bytes}` }),
    });
    expect(await found(other, wiki, 'tern')).toEqual(['a.md', 'b.md']);
    expect((await other.status()).pages).toBe(2);
  });

  it('finds pages before and after their trigrams are written', async () => {
    const [wiki, index] = [await newWiki(), openIndex({ maxPending: 3 })];
    for (let n = 0; n < 12; n += 1) {
      await commitFiles(wiki, { [`p${n % 5}.md`]: `number ${100 + n}`, [`gone${n}.md`]: 'tern' });
      expect(await found(index, wiki, String(100 + n))).toEqual([`p${n % 5}.md`]);
      await commitFiles(wiki, { [`gone${n}.md`]: null });
      expect(await found(index, wiki, 'tern')).toEqual([]);
      expect(await found(index, wiki, 'number')).toHaveLength(Math.min(n + 1, 5));
      expect(await found(index, wiki, String(95 + n))).toEqual([]);
    }
  });

  it('stays where it is for a view that is older', async () => {
    const { pageText, paths } = countedPageText();
    const [wiki, index] = [await newWiki(), openIndex({ pageText })];
    await commitFiles(wiki, { 'a.md': 'one' });
    const old = await wiki.view();
    await commitFiles(wiki, { 'a.md': 'two' });
    await commitFiles(wiki, { 'b.md': 'three' });
    await index.catchUp(await wiki.view());
    paths.length = 0;
    expect((await index.search(old, 'two')).total).toBe(1);
    expect(await index.cursor()).toMatchObject({ ordinal: 2 });
    expect(paths).toEqual([]);
  });

  it('serves many searches at once', async () => {
    const { pageText, paths } = countedPageText();
    const [wiki, index] = [await newWiki(), openIndex({ pageText })];
    await commitFiles(
      wiki,
      Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`p${n}.md`, `gull ${n}`])),
    );
    const answers = await Promise.all(Array.from({ length: 10 }, () => found(index, wiki, 'gull')));
    expect(answers.map(paths => paths.length)).toEqual(Array(10).fill(40));
    expect(paths).toHaveLength(40);
  });

  it('touches no file before it is used, and can be used again after it was closed', async () => {
    const file = temporaryFile('pages.sqlite');
    const [wiki, index] = [await newWiki(), openIndex({ file })];
    expect(existsSync(file)).toBe(false);
    await commitFiles(wiki, { 'a.md': 'gull' });
    expect(await found(index, wiki, 'gull')).toEqual(['a.md']);
    const real = realpathSync(file);
    expect(existsSync(`${real}-wal`)).toBe(true);
    await index.close();
    expect(existsSync(`${real}-wal`)).toBe(false);
    expect(await found(index, wiki, 'gull')).toEqual(['a.md']);
  });
});

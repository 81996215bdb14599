import { describe, expect, it } from 'vitest';
import { newWiki } from './wiki-support.ts';

const LONG = Array.from({ length: 20 }, (_, i) => `line ${i} of a page that is long enough`).join('\n');

describe('the history of a page', () => {
  it('has its commits, newest first', async () => {
    const { wiki, put } = await newWiki();
    const first = await put('Noop', 'one');
    await put('other', 'x');
    const second = await put('Noop', 'two');
    const { history, path } = await wiki.pageHistory('noop');
    expect(path).toBe('Noop');
    expect(history.map(({ revision }) => revision)).toEqual([second, first]);
    expect(history[0]).toEqual({
      author: 'Kittiwake',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      message: '[api] Update: Noop',
      revision: second,
    });
  });

  it('follows renames, exact and similar', async () => {
    const { wiki, put, commit } = await newWiki();
    const made = await put('a', LONG);
    const moved = (await wiki.renamePage({ path: 'a', newPath: 'b/c' })).body.revision;
    const edited = await put('b/c', `${LONG}\nmore`);
    const both = await commit({ 'b/c.md': null, 'd.md': `${LONG}\nmore and other`, 'z.md': 'unlike' });
    const unlike = await commit({ 'e.md': 'x'.repeat(900) });
    const { history } = await wiki.pageHistory('d');
    expect(history.map(({ revision }) => revision)).toEqual([both, edited, moved, made]);
    expect((await wiki.pageHistory('e')).history.map(({ revision }) => revision)).toEqual([unlike]);
    expect((await wiki.pageHistory('z')).history).toHaveLength(1);
  });

  it('does not take an old page of the old name for its own', async () => {
    const { wiki, put } = await newWiki();
    await put('a', 'an older page of that name');
    await wiki.deletePage({ path: 'a' });
    const made = await put('a', LONG);
    const moved = (await wiki.renamePage({ path: 'a', newPath: 'b' })).body.revision;
    const later = await put('a', 'a later page of that name');
    const revisions = async (path: string) =>
      (await wiki.pageHistory(path)).history.map(({ revision }) => revision);
    expect((await revisions('b')).slice(0, 2)).toEqual([moved, made]);
    expect((await revisions('a'))[0]).toBe(later);
    expect(await revisions('b')).not.toContain(later);
  });

  it('goes on through deletion and new creation', async () => {
    const { wiki, put } = await newWiki();
    await put('a', 'one');
    await wiki.deletePage({ path: 'a' });
    await put('a', 'something else');
    expect((await wiki.pageHistory('a')).history.map(({ message }) => message)).toEqual([
      '[api] Create: a',
      '[api] Delete: a',
      '[api] Create: a',
    ]);
  });

  it('comes in parts when asked to', async () => {
    const { wiki, put } = await newWiki();
    for (let i = 0; i < 5; i++) await put('p', `text ${i}`);
    const all = (await wiki.pageHistory('p', { limit: 0 })).history;
    expect(all).toHaveLength(5);
    const first = await wiki.pageHistory('p', { limit: 2 });
    expect(first).toEqual({ history: all.slice(0, 2), path: 'P', next_cursor: all[1]?.revision });
    const second = await wiki.pageHistory('p', { limit: 2, cursor: first.next_cursor ?? '' });
    const third = await wiki.pageHistory('p', { limit: 2, cursor: second.next_cursor ?? '' });
    expect([...second.history, ...third.history]).toEqual(all.slice(2));
    expect(third.next_cursor).toBeUndefined();
    await expect(wiki.pageHistory('p', { cursor: 'x' })).rejects.toMatchObject({ code: 'cursor_invalid' });
  });

  it('is refused for a page that is not there now', async () => {
    const { wiki, put } = await newWiki();
    await put('p', 'x');
    await wiki.deletePage({ path: 'p' });
    await expect(wiki.pageHistory('p')).rejects.toMatchObject({ code: 'page_not_found' });
  });
});

describe('the changelog', () => {
  it('is empty for an empty wiki', async () => {
    expect(await (await newWiki()).wiki.changelog()).toEqual({ entries: [], total: 0 });
  });

  it('names the pages of every commit', async () => {
    const { wiki, put, commit } = await newWiki();
    await put('tgt', LONG);
    await put('l1', '[[tgt]]');
    const renamed = (await wiki.renamePage({ path: 'tgt', newPath: 'New' })).body.revision;
    await commit({ 'new.md': null, 'unlike.md': 'short' });
    await wiki.putAttachment({ path: 'l1', filename: 'a.txt', content: 'aGk=' });
    await wiki.deletePage({ path: 'l1' });
    const { entries, total } = await wiki.changelog();
    expect(total).toBe(6);
    expect(entries.map(({ pages_affected }) => pages_affected)).toEqual([
      ['L1'],
      [],
      ['New', 'Unlike'],
      ['L1', 'New'],
      ['L1'],
      ['Tgt'],
    ]);
    expect(entries[3]).toMatchObject({
      author: 'Kittiwake',
      message: '[api] Rename: tgt -> New',
      revision: renamed,
    });
  });

  it('shows 50 entries, all for 0 and less, and leads on with a cursor', async () => {
    const { wiki, put } = await newWiki();
    for (let i = 0; i < 53; i++) await put('p', `text ${i}`);
    const all = await wiki.changelog({ limit: -1 });
    expect(all.total).toBe(53);
    expect((await wiki.changelog({ limit: 0 })).total).toBe(53);
    const first = await wiki.changelog();
    expect(first.entries).toEqual(all.entries.slice(0, 50));
    const rest = await wiki.changelog({ limit: 50, cursor: first.next_cursor ?? '' });
    expect(rest).toEqual({ entries: all.entries.slice(50), total: 3 });
    await expect(wiki.changelog({ cursor: 'f'.repeat(40) })).rejects.toMatchObject({
      code: 'cursor_invalid',
    });
  });
});

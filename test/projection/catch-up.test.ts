import { describe, expect, it } from 'vitest';
import type { LogEntry, View } from '../../src/git/repository.ts';
import { catchUp, changesBetween, MAX_LOG_ENTRIES } from '../../src/projection/catch-up.ts';
import { commitFiles } from '../support/repository.ts';
import { countedPageText, found, newWiki, openIndex, temporaryFile } from './search-support.ts';

const someone = { name: 'Ann', email: 'ann@example.org', seconds: 0, offsetMinutes: 0 };

/** A log entry of a made-up commit that has the given parents. */
function entry(oid: string, ordinal: number, parents: string[]): LogEntry {
  const commit = { oid, ordinal, parents, tree: 't', author: someone, committer: someone, message: 'm' };
  return { commit, changes: [] };
}

/** The little of a view that finding changes needs. */
function viewOf(entries: LogEntry[]): View & { read: number } {
  const view = {
    head: entries[0]?.commit.oid,
    ordinal: entries[0]?.commit.ordinal ?? -1,
    read: 0,
    async *log() {
      for (const one of entries) {
        view.read += 1;
        yield one;
      }
    },
  };
  return view as unknown as View & { read: number };
}

const straight = (length: number) =>
  viewOf(Array.from({ length }, (_, n) => entry(`c${length - n}`, length - n, [`c${length - n - 1}`])));

describe('changesBetween', () => {
  it('lists the commits after the cursor, oldest first', async () => {
    const changes = await changesBetween({ head: 'c3', ordinal: 3 }, straight(5));
    expect(changes).toMatchObject({ kind: 'commits', to: { head: 'c5', ordinal: 5 } });
    expect(changes.kind === 'commits' && changes.entries.map(one => one.commit.oid)).toEqual(['c4', 'c5']);
  });

  it('compares everything where a merge lies in between', async () => {
    const log = [
      entry('m', 3, ['b', 'side']),
      entry('b', 2, ['a']),
      entry('side', -1, ['a']),
      entry('a', 1, []),
    ];
    expect((await changesBetween({ head: 'a', ordinal: 1 }, viewOf(log))).kind).toBe('all');
    expect(
      (await changesBetween({ head: 'm', ordinal: 3 }, viewOf([entry('n', 4, ['m']), ...log]))).kind,
    ).toBe('commits');
  });

  it('reads no further than a bound, and no further than the place of a cursor that is not there', async () => {
    const long = straight(MAX_LOG_ENTRIES * 2);
    expect((await changesBetween({ head: 'c1', ordinal: 1 }, long)).kind).toBe('all');
    expect(long.read).toBe(MAX_LOG_ENTRIES + 1);
    const rewritten = straight(500);
    expect((await changesBetween({ head: 'gone', ordinal: 490 }, rewritten)).kind).toBe('all');
    expect(rewritten.read).toBe(11);
  });
});

describe('a search index', () => {
  it('whose commit has vanished reads only the pages that differ', async () => {
    const file = temporaryFile('pages.sqlite');
    const { pageText, paths } = countedPageText();
    const [first, second] = [await newWiki(), await newWiki()];
    await commitFiles(first, { 'a.md': 'gull', 'b.md': 'gull', 'c.md': 'gull' });
    await commitFiles(second, { 'a.md': 'gull', 'b.md': 'tern', 'd.md': 'gull' }, 'Another history');
    const index = openIndex({ file, pageText });
    expect(await found(index, first, 'gull')).toEqual(['a.md', 'b.md', 'c.md']);
    paths.length = 0;
    expect(await found(index, second, 'gull')).toEqual(['a.md', 'd.md']);
    expect(paths.sort()).toEqual(['b.md', 'd.md']);
    expect((await index.status()).pages).toBe(3);
  });

  it('goes back with a wiki that was restored, and forward again, but not for an older view', async () => {
    const [wiki, file] = [await newWiki(), temporaryFile('pages.sqlite')];
    await commitFiles(wiki, { 'a.md': 'gull' });
    const older = await wiki.view();
    await commitFiles(wiki, { 'b.md': 'gull' });
    const newer = await wiki.view();
    let newest = newer;
    const index = openIndex({ file, newestView: async () => newest });
    const hits = async (view: typeof older) => (await index.search(view, 'gull')).results.length;
    await index.catchUp(older);
    expect(await hits(newer)).toBe(2);
    expect(await hits(older)).toBe(2);
    newest = older;
    expect(await hits(older)).toBe(1);
    newest = newer;
    expect(await hits(newer)).toBe(2);
    expect(await hits(older)).toBe(2);
  });

  it('follows a wiki from before its first commit', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await index.catchUp(await wiki.view());
    expect(await index.cursor()).toEqual({ head: null, ordinal: -1 });
    await commitFiles(wiki, { 'a.md': 'gull' });
    expect(await found(index, wiki, 'gull')).toEqual(['a.md']);
  });

  it('that was not done in time goes on where it stopped', async () => {
    const wiki = await newWiki();
    const { pageText, paths } = countedPageText();
    const index = openIndex({ pageText });
    const files = Array.from({ length: 600 }, (_, n) => [`${n}.md`, `gull ${n}`]);
    await commitFiles(wiki, Object.fromEntries(files));
    const view = await wiki.view();
    await expect(catchUp(index, view, { deadlineMs: 0 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    expect([await index.cursor(), (await index.status()).pages]).toEqual([undefined, 256]);
    await expect(catchUp(index, view, { deadlineMs: 0 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    await catchUp(index, view);
    expect([paths.length, (await index.status()).pages]).toEqual([600, 600]);
  });

  it('catches up over a thousand commits', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    await commitFiles(wiki, { 'a.md': 'gull' });
    await index.catchUp(await wiki.view());
    for (let n = 0; n < 1_100; n += 1) await commitFiles(wiki, { [`p${n % 7}.md`]: `tern ${n}` });
    await commitFiles(wiki, { 'a.md': null });
    expect(await found(index, wiki, 'gull')).toEqual([]);
    expect(await found(index, wiki, 'tern')).toHaveLength(7);
    expect(await found(index, wiki, '1099')).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { newWiki } from './wiki-support.ts';

describe('restoring a page', () => {
  it('brings back the text of a revision', async () => {
    const { wiki, put, text, messages } = await newWiki();
    const first = await put('p', 'one');
    await put('p', 'two');
    const { body, commit } = await wiki.restorePage({ path: 'P', to: first.slice(0, 8) });
    expect(body).toEqual({ created: false, name: 'P', path: 'P', restored_from: first, revision: commit });
    expect(await text('p')).toBe('one');
    expect((await messages())[0]).toBe(`[api] Restore: P (${first.slice(0, 8)})`);
  });

  it('brings back a page that was deleted', async () => {
    const { wiki, put, text } = await newWiki();
    const first = await put('p', 'one');
    await wiki.deletePage({ path: 'p' });
    expect((await wiki.restorePage({ path: 'p', to: first })).body.created).toBe(true);
    expect(await text('p')).toBe('one');
  });

  it('refuses unknown revisions, pages that were not there, and stale locks', async () => {
    const { wiki, put } = await newWiki();
    const first = await put('p', 'one');
    await put('q', 'x');
    await put('p', 'two');
    await expect(wiki.restorePage({ path: 'p', to: 'abcdef1' })).rejects.toMatchObject({
      code: 'commit_not_found',
    });
    await expect(wiki.restorePage({ path: 'q', to: first })).rejects.toMatchObject({
      code: 'page_not_found',
    });
    await expect(wiki.restorePage({ path: 'p', to: first, revision: first })).rejects.toMatchObject({
      code: 'revision_mismatch',
    });
  });
});

describe('reverting a commit', () => {
  it('undoes all of it and keeps what came later', async () => {
    const { wiki, put, text, files, messages } = await newWiki();
    await put('old', 'x');
    await put('l', 'top\n\nsee [[old]]\n\nbottom\n');
    const renamed = (await wiki.renamePage({ path: 'old', newPath: 'new' })).body.revision;
    await put('l', 'TOP\n\nsee [[New]]\n\nbottom\n');
    const { body, commit } = await wiki.revert(renamed);
    expect(body).toEqual({ pages: ['L', 'New', 'Old'], reverted: renamed, revision: commit });
    expect(await files()).toEqual(['l.md', 'old.md']);
    expect(await text('l')).toBe('TOP\n\nsee [[old]]\n\nbottom\n');
    expect((await messages())[0]).toBe(
      `[api] Revert: [api] Rename: old -> new\n\nThis reverts commit ${renamed}.`,
    );
  });

  it('undoes the first commit too', async () => {
    const { wiki, put, files } = await newWiki();
    const first = await put('a', 'x');
    await put('b', 'y');
    await wiki.revert(first);
    expect(await files()).toEqual(['b.md']);
  });

  it('names the pages where later changes are in the way, and changes nothing', async () => {
    const { wiki, put, text } = await newWiki();
    await put('a', 'one\n');
    const second = await put('a', 'two\n');
    await put('a', 'three\n');
    await expect(wiki.revert(second)).rejects.toMatchObject({
      code: 'revert_conflict',
      data: { pages: ['A'] },
    });
    const made = await put('b', 'x');
    await put('b', 'y');
    await expect(wiki.revert(made)).rejects.toMatchObject({
      code: 'revert_conflict',
      data: { pages: ['B'] },
    });
    expect(await text('a')).toBe('three\n');
  });

  it('makes no commit when there is nothing left to undo', async () => {
    const { wiki, put, messages } = await newWiki();
    await put('a', 'one\n');
    const second = await put('a', 'two\n');
    const third = await put('a', 'one\n');
    expect((await wiki.revert(second)).body).toMatchObject({ pages: [], revision: third });
    expect(await messages()).toHaveLength(3);
  });

  it.each(['--abort', 'zzzzzzz', 'f'.repeat(40), ''])('does not know %j', async revision => {
    const { wiki, put } = await newWiki();
    await put('a', 'x');
    await expect(wiki.revert(revision)).rejects.toMatchObject({ code: 'commit_not_found' });
  });
});

describe('a batch', () => {
  it('is one commit of changes that see each other', async () => {
    const { wiki, put, text, files, messages } = await newWiki();
    const revision = await put('a', 'one');
    await put('gone', 'x');
    const { body, commit } = await wiki.batch([
      { op: 'put', path: 'b', content: 'see [[a]]' },
      { op: 'patch', path: 'b', oldString: 'see', newString: 'look at', revision: 'none yet' },
      { op: 'patch', path: 'a', oldString: 'one', newString: 'two', revision },
      { op: 'patch', path: 'a', oldString: 'two', newString: 'three', revision },
      { op: 'rename', path: 'a', newPath: 'c' },
      { op: 'attach', path: 'c', filename: 'x.txt', content: 'aGk=' },
      { op: 'delete', path: 'gone' },
    ]);
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(body.revision).toBe(commit);
    expect(body.results).toEqual([
      { created: true, name: 'B', path: 'B', revision: commit },
      { name: 'B', path: 'B', revision: commit },
      { name: 'A', path: 'A', revision: commit },
      { name: 'A', path: 'A', revision: commit },
      { new_path: 'C', old_path: 'A', revision: commit, updated_pages: ['B'] },
      { filename: 'x.txt', mime_type: 'text/plain', path: 'C', size: 2 },
      { deleted: true, path: 'Gone' },
    ]);
    expect(await files()).toEqual(['b.md', 'c.md', 'c/x.txt']);
    expect([await text('b'), await text('c')]).toEqual(['look at [[C]]', 'three']);
    expect((await messages())[0]).toBe('[api] Batch: 7 changes');
  });

  it('is refused as a whole, naming the change', async () => {
    const { wiki, put, files } = await newWiki();
    await put('a', 'one');
    await expect(
      wiki.batch([
        { op: 'put', path: 'b', content: 'x' },
        { op: 'put', path: 'a', content: 'x' },
      ]),
    ).rejects.toMatchObject({
      code: 'revision_required',
      message: expect.stringMatching(/^Change 1: /),
      data: { index: 1 },
    });
    await expect(
      wiki.batch([
        { op: 'put', path: 'x/file', content: 'x' },
        { op: 'attach', path: 'x/file', filename: 'y', content: '' },
        { op: 'put', path: 'x/file/y/z', content: 'x' },
      ]),
    ).rejects.toMatchObject({ code: 'path_under_page', data: { index: 2 } });
    expect(await files()).toEqual(['a.md']);
  });

  it('that cancels itself out makes no commit', async () => {
    const { wiki, put, messages } = await newWiki();
    const revision = await put('a', 'one');
    const { body } = await wiki.batch([
      { op: 'put', path: 'a', content: 'two', revision },
      { op: 'put', path: 'a', content: 'one', revision },
      { op: 'put', path: 'b', content: 'x' },
      { op: 'delete', path: 'b' },
    ]);
    expect(body).toMatchObject({ revision: '', results: [{ revision }, { revision }, {}, {}] });
    expect(await messages()).toHaveLength(1);
  });

  it('holds at least one change and at most 1,000', async () => {
    const { wiki } = await newWiki();
    await expect(wiki.batch([])).rejects.toMatchObject({ code: 'batch_empty' });
    const change = { op: 'put', path: 'a', content: 'x' } as const;
    await expect(wiki.batch(Array.from({ length: 1001 }, () => change))).rejects.toMatchObject({
      code: 'batch_too_large',
    });
  });

  it('shows what it would do when it is tried out', async () => {
    const { wiki, files } = await newWiki();
    const { body } = await wiki.batch([{ op: 'put', path: 'a', content: 'x' }], { dryRun: true });
    expect(body).toMatchObject({ dry_run: true, changes: [{ path: 'a.md', action: 'create' }] });
    expect(await files()).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { newWiki } from './wiki-support.ts';

describe('patching a page', () => {
  it('replaces one substring', async () => {
    const { wiki, put, text, messages } = await newWiki();
    const revision = await put('Patch-Test', '---\ntitle: Old\n---\none two three');
    const { body, commit } = await wiki.patchPage({
      path: 'Patch-Test',
      revision: revision.slice(0, 7),
      oldString: 'title: Old',
      newString: 'title: $& $1 New',
    });
    expect(body).toEqual({ name: '$& $1 New', path: 'Patch-Test', revision: commit });
    expect(await text('patch-test')).toBe('---\ntitle: $& $1 New\n---\none two three');
    expect((await messages())[0]).toBe('[api] Edit: Patch-Test');
    await wiki.patchPage({ path: 'patch-test', revision: body.revision, oldString: ' two', newString: '' });
    expect(await text('patch-test')).toBe('---\ntitle: $& $1 New\n---\none three');
  });

  it.each([
    ['absent', '', '', 'x', 'old_string_empty', 'old_string must not be empty'],
    ['absent', '', 'x', 'x', 'revision_short', 'revision must be at least 7 characters'],
    ['absent', 'abcdef', 'x', 'x', 'revision_short', 'revision must be at least 7 characters'],
    ['absent', 'abcdef0', 'x', 'x', 'strings_identical', 'old_string and new_string are identical'],
    ['absent', 'abcdef0', 'x', 'y', 'page_not_found', 'Page not found: absent'],
    [
      'page',
      'f'.repeat(40),
      'x',
      'y',
      'revision_mismatch',
      'Revision mismatch: page has been modified since last read.',
    ],
    ['page', 'current', 'missing', 'y', 'old_string_missing', 'old_string not found in page content'],
    [
      'page',
      'current',
      'aa',
      'y',
      'old_string_ambiguous',
      'old_string is ambiguous: found 2 occurrences. Provide a longer unique string.',
    ],
  ])(
    'at %j, revision %j, %j to %j is refused: %s',
    async (path, given, oldString, newString, code, message) => {
      const { wiki, put, text } = await newWiki();
      const current = await put('page', 'aaaaa x');
      const revision = given === 'current' ? current : given;
      await expect(wiki.patchPage({ path, revision, oldString, newString })).rejects.toMatchObject({
        code,
        message,
      });
      expect(await text('page')).toBe('aaaaa x');
    },
  );

  it('matches line ends of any kind in a page with CRLF, and keeps them', async () => {
    const { wiki, put, text } = await newWiki();
    const revision = await put('p', 'one\r\ntwo\r\nthree\r\n');
    await wiki.patchPage({ path: 'p', revision, oldString: 'one\ntwo', newString: 'uno\nduo\r\ntre' });
    expect(await text('p')).toBe('uno\r\nduo\r\ntre\r\nthree\r\n');
  });

  it('replaces or extends a section', async () => {
    const { wiki, put, text } = await newWiki();
    const revision = await put('p', '# A\none\n## B\ntwo\n# C\nthree');
    const { body } = await wiki.patchPage({ path: 'p', revision, section: 'a > b', content: '## Bee\nzwei' });
    expect(await text('p')).toBe('# A\none\n## Bee\nzwei\n# C\nthree');
    await wiki.patchPage({
      path: 'p',
      revision: body.revision,
      section: 'A',
      content: 'more',
      placement: 'append',
    });
    expect(await text('p')).toBe('# A\none\n## Bee\nzwei\n\nmore\n\n# C\nthree');
  });

  it('refuses a section that is not there, or there twice, and half a request', async () => {
    const { wiki, put } = await newWiki();
    const revision = await put('p', '# A\n## X\n# B\n## X\n');
    const patch = (section: string) => wiki.patchPage({ path: 'p', revision, section, content: 'x' });
    await expect(patch('X')).rejects.toMatchObject({
      code: 'section_ambiguous',
      data: { sections: ['A > X', 'B > X'] },
    });
    await expect(patch('Y')).rejects.toMatchObject({ code: 'section_not_found' });
    await expect(wiki.patchPage({ path: 'p', revision, section: 'A' })).rejects.toMatchObject({
      code: 'patch_incomplete',
    });
    await expect(
      wiki.patchPage({ path: 'p', revision, section: 'A', content: 'x', oldString: 'a', newString: 'b' }),
    ).rejects.toMatchObject({ code: 'patch_incomplete' });
  });
});

describe('merging', () => {
  it('joins what two writers changed in different places', async () => {
    const { wiki, put, text } = await newWiki();
    const base = await put('p', 'one\ntwo\nthree\nfour\nfive\n');
    await put('p', 'ONE\ntwo\nthree\nfour\nfive\n');
    const { body } = await wiki.putPage({
      path: 'p',
      content: 'one\ntwo\nthree\nfour\nFIVE\n',
      revision: base.slice(0, 10),
      onConflict: 'merge',
    });
    expect(body).toMatchObject({ created: false, merged: true });
    expect(await text('p')).toBe('ONE\ntwo\nthree\nfour\nFIVE\n');
    const patched = await wiki.patchPage({
      path: 'p',
      revision: base,
      oldString: 'three',
      newString: 'THREE',
      onConflict: 'merge',
    });
    expect(patched.body.merged).toBe(true);
    expect(await text('p')).toBe('ONE\ntwo\nTHREE\nfour\nFIVE\n');
  });

  it('answers the conflict where both changed the same lines, and changes nothing', async () => {
    const { wiki, put, text } = await newWiki();
    const base = await put('p', 'one\ntwo\nthree\n');
    const current = await put('p', 'one\nZWEI\nthree\n');
    await expect(
      wiki.putPage({ path: 'p', content: 'one\nDEUX\nthree\n', revision: base, onConflict: 'merge' }),
    ).rejects.toMatchObject({
      code: 'merge_conflict',
      message: expect.stringContaining('Revision mismatch'),
      data: {
        current_revision: current,
        diff: '@@ -1,3 +1,3 @@\n one\n-ZWEI\n+DEUX\n three\n',
        hunks: [{ base: 'two', current: 'ZWEI', proposed: 'DEUX', line: 2 }],
      },
    });
    expect(await text('p')).toBe('one\nZWEI\nthree\n');
  });

  it('does not guess what a reader with an unknown revision had read', async () => {
    const { wiki, put } = await newWiki();
    const before = await put('other', 'x');
    await put('p', 'one');
    for (const revision of [before, 'f'.repeat(40), 'HEAD-HEAD']) {
      await expect(
        wiki.putPage({ path: 'p', content: 'x', revision, onConflict: 'merge' }),
      ).rejects.toMatchObject({ code: 'revision_mismatch' });
    }
  });

  it('is no merge when the revision is current', async () => {
    const { wiki, put } = await newWiki();
    const revision = await put('p', 'one');
    const { body } = await wiki.putPage({ path: 'p', content: 'two', revision, onConflict: 'merge' });
    expect(body.merged).toBeUndefined();
  });
});

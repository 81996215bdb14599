import { describe, expect, it } from 'vitest';
import { newWiki } from './wiki-support.ts';

describe('renaming a page', () => {
  it('moves it and rewrites links in one commit', async () => {
    const { wiki, put, text, messages, files } = await newWiki();
    await put('Old-Name', 'x');
    await put('linker', 'see [[Old-Name]] and [[Unrelated]]');
    const { body, blob } = await wiki.renamePage({ path: 'Old-Name', newPath: ' New-Name ' });
    expect(body).toEqual({
      new_path: 'New-Name',
      old_path: 'Old-Name',
      revision: expect.stringMatching(/^[0-9a-f]{40}$/),
      updated_pages: ['Linker'],
    });
    expect(await text('linker')).toBe('see [[New-Name]] and [[Unrelated]]');
    expect((await wiki.readPage('linker')).body.revision).toBe(body.revision);
    expect((await wiki.readPage('new-name')).blob).toBe(blob);
    expect(await files()).toEqual(['linker.md', 'new-name.md']);
    expect((await messages())[0]).toBe('[api] Rename: Old-Name -> New-Name');
  });

  it('moves attachments and sub-pages, and the links to them', async () => {
    const { wiki, put, text, files } = await newWiki();
    await put('docs/intro', '![own](./Pic.png) [[Docs/Intro/Part]] [up](../other)');
    await put('docs/intro/part', 'a part');
    await put('docs/introduction', 'another page');
    await put(
      'other',
      '![p](/Docs/Intro/Pic.png?thumbnail=400) [[text|docs/intro/part#a]] [[docs/introduction]]',
    );
    await wiki.putAttachment({ path: 'docs/intro', filename: 'Pic.png', content: 'aGk=' });
    const { body } = await wiki.renamePage({ path: 'Docs/Intro', newPath: 'Guide/First Steps' });
    expect(await files()).toEqual([
      'docs/introduction.md',
      'guide/first steps.md',
      'guide/first steps/Pic.png',
      'guide/first steps/part.md',
      'other.md',
    ]);
    expect(await text('guide/first steps')).toBe(
      '![own](./Pic.png) [[Guide/First Steps/Part]] [up](../other)',
    );
    expect(await text('other')).toBe(
      '![p](/Guide/First%20Steps/Pic.png?thumbnail=400) [[text|Guide/First Steps/Part#a]] [[docs/introduction]]',
    );
    expect(body.updated_pages).toEqual(['Guide/First Steps', 'Other']);
  });

  it('keeps relative links of the moved page leading where they led', async () => {
    const { wiki, put, text } = await newWiki();
    await put(
      'a/page',
      '[sib](sibling) [md](./sibling.md) [top](/top) [gone](nowhere) [out](../top "T") [x](../../x)',
    );
    await put('a/sibling', 'back to [it](page.md#part) and [it](./page)');
    await put('top', 'to [it](a/page.md)');
    await wiki.renamePage({ path: 'a/page', newPath: 'b/c/page' });
    expect(await text('b/c/page')).toBe(
      '[sib](../../a/sibling) [md](../../a/sibling.md) [top](/top) [gone](nowhere) [out](../../top "T") [x](../../x)',
    );
    expect(await text('a/sibling')).toBe('back to [it](../b/c/page.md#part) and [it](../B/C/Page)');
    expect(await text('top')).toBe('to [it](b/c/page.md)');
  });

  it('rewrites every spelling of a link and leaves the rest of it', async () => {
    const { wiki, put, text } = await newWiki();
    await put('actors/iran', 'x');
    const before = [
      '[[Islamic Republic|Actors/Iran]]',
      '[[Actors/Iran#Anchor A]]',
      '[[ /actors//IRAN.md ]]',
      '[[Actors%2FIran]]',
      '[md](/Actors/Iran) [enc](/actors/%69ran#a?b) [q](/actors/iran?x=1#y "Title")',
      '[![img](/actors/iran/a.png)](/actors/iran)',
      '[<angle>](</actors/iran>) [ref] [other](/actors/iranian)',
      '',
      '[ref]: /Actors/Iran "Title"',
    ];
    await put('linker', before.join('\n'));
    await wiki.renamePage({ path: 'actors/iran', newPath: 'Actors/Iran (Islamic Republic)' });
    const shown = 'Actors/Iran (Islamic Republic)';
    const quoted = '/Actors/Iran%20%28Islamic%20Republic%29';
    expect((await text('linker')).split('\n')).toEqual([
      `[[Islamic Republic|${shown}]]`,
      `[[${shown}#Anchor A]]`,
      `[[/${shown}]]`,
      `[[${shown}]]`,
      `[md](${quoted}) [enc](${quoted}#a?b) [q](${quoted}?x=1#y "Title")`,
      `[![img](${quoted}/a.png)](${quoted})`,
      `[<angle>](<${quoted}>) [ref] [other](/actors/iranian)`,
      '',
      `[ref]: ${quoted} "Title"`,
    ]);
  });

  it('never touches code', async () => {
    const { wiki, put, text } = await newWiki();
    await put('old', 'x');
    const code =
      '`[[old]]` ``[x](/old) ` ``\n\n```\n[[old]]\n```\n\n~~~~ md\n~~~\n[[old]]\n~~~~\n\n    [[old]]\n\n<!-- [[old]] -->\n';
    await put('linker', `${code}\n[[old]]\n`);
    await put('only-code', code);
    const { body } = await wiki.renamePage({ path: 'old', newPath: 'new' });
    expect(await text('linker')).toBe(`${code}\n[[New]]\n`);
    expect(await text('only-code')).toBe(code);
    expect(body.updated_pages).toEqual(['Linker']);
  });

  it('counts itself among the pages when it links to itself', async () => {
    const { wiki, put, text } = await newWiki();
    await put('zoo', '[[zoo#top]]');
    await put('bee', '[[zoo]]');
    const { body } = await wiki.renamePage({ path: 'zoo', newPath: 'ant' });
    expect(body.updated_pages).toEqual(['Ant', 'Bee']);
    expect(await text('ant')).toBe('[[Ant#top]]');
  });

  it('takes the left side where the settings put the link there', async () => {
    const { wiki, put, text } = await newWiki({ wikilinkStyle: 'LINK_TITLE' });
    await put('old', 'x');
    await put('linker', '[[old|text]] [[text|old]] [[old]]');
    await wiki.renamePage({ path: 'old', newPath: 'new' });
    expect(await text('linker')).toBe('[[New|text]] [[text|old]] [[New]]');
  });

  it('keeps case where the settings retain it', async () => {
    const { wiki, put, text, files } = await newWiki({ retainPageNameCase: true });
    await put('Old', 'x');
    await put('old', 'another page');
    await put('linker', '[[Old]] [[old]] [x](/Old)');
    await wiki.renamePage({ path: 'Old', newPath: 'New Page' });
    expect(await text('linker')).toBe('[[New Page]] [[old]] [x](/New%20Page)');
    await wiki.renamePage({ path: 'old', newPath: 'OLD' });
    expect(await files()).toEqual(['New Page.md', 'OLD.md', 'linker.md']);
  });

  it('moves a page into its own folder and out of it', async () => {
    const { wiki, put, files } = await newWiki();
    await put('a', 'x');
    await put('a/b', 'y');
    await wiki.renamePage({ path: 'a', newPath: 'a/c' });
    expect(await files()).toEqual(['a/c.md', 'a/c/b.md']);
    await wiki.renamePage({ path: 'a/c', newPath: 'a' });
    expect(await files()).toEqual(['a.md', 'a/b.md']);
  });

  it.each([
    ['nothing', undefined, 'page_not_found', 'Page not found: nothing'],
    ['page', undefined, 'new_path_missing', "Request body must include 'new_path' field"],
    ['page', ' \t', 'new_path_empty', 'new_path must not be empty'],
    ['page', '/PAGE//', 'new_path_same', 'new_path is the same as the current path'],
    ['page', 'Other', 'page_exists_at', 'A page already exists at: Other'],
    ['page', '../x', 'path_invalid', expect.stringContaining('".."')],
    ['page', 'a/.git/x', 'path_invalid', expect.stringContaining('.git')],
    ['page', 'x\ny', 'path_invalid', expect.stringContaining('control')],
  ])('of %j to %j is refused: %s', async (path, newPath, code, message) => {
    const { wiki, put, files } = await newWiki();
    await put('page', 'x');
    await put('other', 'y');
    await expect(wiki.renamePage({ path, newPath })).rejects.toMatchObject({ code, message });
    expect(await files()).toEqual(['other.md', 'page.md']);
  });

  it('refuses to put an attachment or sub-page on top of another', async () => {
    const { wiki, put, commit, files } = await newWiki();
    await put('a', 'x');
    await commit({ 'a/pic.png': 'mine', 'b/pic.png': 'yours' });
    await expect(wiki.renamePage({ path: 'a', newPath: 'b' })).rejects.toMatchObject({
      code: 'file_exists_at',
    });
    expect(await files()).toEqual(['a.md', 'a/pic.png', 'b/pic.png']);
  });

  it('refuses to put a folder where a file stands, and the reverse', async () => {
    const { wiki, put, commit, files } = await newWiki();
    await put('a', 'x');
    await put('a/b', 'x');
    await commit({ c: 'file', 'd.md/x': 'file' });
    await expect(wiki.renamePage({ path: 'a', newPath: 'c' })).rejects.toMatchObject({
      code: 'path_under_page',
    });
    await expect(wiki.renamePage({ path: 'a', newPath: 'd' })).rejects.toMatchObject({
      code: 'path_is_folder',
    });
    expect(await files()).toEqual(['a.md', 'a/b.md', 'c', 'd.md/x']);
  });

  it('checks a revision that is given', async () => {
    const { wiki, put } = await newWiki();
    const first = await put('p', 'one');
    const second = await put('p', 'two');
    await expect(wiki.renamePage({ path: 'p', newPath: 'q', revision: first })).rejects.toMatchObject({
      code: 'revision_mismatch',
    });
    expect((await wiki.renamePage({ path: 'p', newPath: 'q', revision: second })).body.new_path).toBe('Q');
  });

  it('shows the whole change when it is tried out', async () => {
    const { wiki, put, files } = await newWiki();
    await put('a', 'x');
    await put('l', '[[a]]');
    const { body } = await wiki.renamePage({ path: 'a', newPath: 'b' }, { dryRun: true });
    expect(body).toMatchObject({
      updated_pages: ['L'],
      changes: [
        { path: 'a.md', action: 'delete' },
        { path: 'b.md', action: 'create' },
        { path: 'l.md', action: 'update' },
      ],
    });
    expect(await files()).toEqual(['a.md', 'l.md']);
  });

  it('moves pages that are not text as they are', async () => {
    const { wiki, commit, repository } = await newWiki();
    const bytes = Buffer.from([0xff, 0x00, 0x5b, 0x5b]);
    await commit({ 'binary.md': bytes });
    await wiki.renamePage({ path: 'binary', newPath: 'moved' });
    const view = await repository.view();
    expect(await view.blob((await view.file('moved.md'))?.oid ?? '')).toEqual(bytes);
  });
});

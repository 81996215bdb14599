import { describe, expect, it } from 'vitest';
import { type RuledWiki, refusal, ruledWiki } from './access-support.ts';

const fixed = (path: string) => ({ rules: [{ path, write: [] }] });
const hidden = (path: string) => ({ rules: [{ path, read: [] }] });

async function linkedWiki(): Promise<RuledWiki> {
  const made = await ruledWiki({});
  await made.commit({
    'a.md': 'page [x](a/sub.md)',
    'a/sub.md': 'sub-page',
    'a/pic.png': 'picture',
    'linker.md': 'see [[A]]',
    'other.md': 'see [[A/Sub]]',
    'b/page.md': 'nothing',
  });
  return made;
}

/** Refused, with nothing done; what the refusal tells. */
async function refused(made: RuledWiki, input = { path: 'a', newPath: 'c' }): Promise<unknown> {
  const [files, { head }] = [await made.files(), await made.repository.view()];
  const error = await refusal(made.as().renamePage(input));
  expect(await made.files()).toEqual(files);
  expect((await made.repository.view()).head).toBe(head);
  return [error.code, error.data];
}

describe('a rename', () => {
  it('moves and rewrites all where the caller may change all', async () => {
    const { as, files, text } = await linkedWiki();
    const { body } = await as().renamePage({ path: 'a', newPath: 'c' });
    expect(body.updated_pages).toEqual(['C', 'Linker', 'Other']);
    expect(await files()).toEqual(['b/page.md', 'c.md', 'c/pic.png', 'c/sub.md', 'linker.md', 'other.md']);
    expect(await text('linker')).toBe('see [[C]]');
  });

  it('needs the right at every file that moves, and where it moves to', async () => {
    const made = await linkedWiki();
    for (const [path, pages] of [
      ['a', ['A']],
      ['a/sub', ['A/Sub']],
      ['c', ['C']],
      ['c/sub', ['C/Sub']],
    ] as const) {
      await made.setPolicy(fixed(path));
      const [code, data] = (await refused(made)) as [string, { pages: string[] }];
      expect([path, code, data.pages[0]]).toEqual([path, 'forbidden', pages[0]]);
    }
    await made.setPolicy({ rules: [{ path: 'c/pic.png', upload: [] }] });
    expect(await refused(made)).toEqual(['forbidden', { needed: 'upload', pages: ['c/pic.png'] }]);
  });

  it('does not tell what is hidden of that which would move', async () => {
    const made = await linkedWiki();
    for (const path of ['a/sub', 'c/sub', 'a/pic.png']) {
      await made.setPolicy(hidden(path));
      const [code, data] = (await refused(made)) as [string, object];
      expect([path, code, data]).toEqual([path, 'forbidden', { needed: expect.any(String) }]);
    }
  });

  it('needs the right to every page whose links it rewrites, and names those that can be read', async () => {
    const made = await linkedWiki();
    await made.setPolicy(fixed('linker'));
    expect(await refused(made)).toEqual(['forbidden', { needed: 'write', pages: ['Linker'] }]);
    await made.setPolicy(hidden('linker'));
    expect(await refused(made)).toEqual(['forbidden', { needed: 'write' }]);
    await made.setPolicy({
      rules: [
        { path: 'linker', read: [] },
        { path: 'other', write: [] },
      ],
    });
    expect(await refused(made)).toEqual(['forbidden', { needed: 'write', pages: ['Other'] }]);
  });

  it('is not in the way of pages that do not link to it', async () => {
    const made = await linkedWiki();
    await made.setPolicy(hidden('b'));
    await made.as().renamePage({ path: 'a', newPath: 'c' });
    expect(await made.files()).toContain('c.md');
  });

  it('into a hidden place is refused whatever is there', async () => {
    const made = await linkedWiki();
    await made.setPolicy(hidden('b'));
    const there = await refused(made, { path: 'a', newPath: 'b/page' });
    const free = await refused(made, { path: 'a', newPath: 'b/none' });
    expect(there).toEqual(['forbidden', { needed: 'write' }]);
    expect(free).toEqual(there);
  });

  it('does not tell by how it rewrites a link whether a hidden page is there', async () => {
    const made = await ruledWiki(hidden('secret'));
    const other = await ruledWiki(hidden('secret'));
    const page = { 'x.md': 'see [one](secret) and [two](x/secret) and [three](../secret)' };
    await made.commit({ ...page, 'secret.md': 'hidden', 'secret/x.md': 'hidden' });
    await other.commit(page);
    for (const each of [made, other]) await each.as().renamePage({ path: 'x', newPath: 'y/z' });
    expect(await made.text('y/z')).toBe(await other.text('y/z'));
  });
});

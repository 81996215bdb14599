import { describe, expect, it } from 'vitest';
import { commitFiles, newRepository } from '../support/repository.ts';
import { linesOf } from './exported-wiki.ts';

describe('an export as lines of JSON', () => {
  it('has a line for each page, with its name, revision, frontmatter and whole text', async () => {
    const repository = await newRepository();
    const first = await commitFiles(repository, { 'docs/a.md': '---\ntitle: Ä\ntags: [x]\n---\nbody\r\n' });
    const second = await commitFiles(repository, { 'home.md': '\ufeffhome', 'home/plan.png': 'png' });
    expect(await linesOf(repository)).toEqual([
      {
        file: 'docs/a.md',
        path: 'docs/a',
        name: 'Ä',
        revision: first,
        frontmatter: { title: 'Ä', tags: ['x'] },
        content: '---\ntitle: Ä\ntags: [x]\n---\nbody\r\n',
      },
      {
        file: 'home.md',
        path: 'home',
        name: 'Home',
        revision: second,
        frontmatter: null,
        content: '\ufeffhome',
      },
    ]);
  });

  it('has other files, and pages that are no text, in base64 when they are asked for', async () => {
    const repository = await newRepository();
    const picture = 'p'.repeat(2_500_001);
    await commitFiles(repository, { 'a/b.bin': picture, 'a.md': 'x' });
    const lines = await linesOf(repository, { attachments: true });
    expect(lines.map(line => line.file)).toEqual(['a.md', 'a/b.bin']);
    expect(Buffer.from(String(lines[1]?.base64), 'base64').toString()).toBe(picture);
  });

  it('has a page of some megabytes as text', async () => {
    const repository = await newRepository();
    const content = 'text\n'.repeat(400_000);
    await commitFiles(repository, { 'long.md': content });
    expect((await linesOf(repository))[0]?.content === content).toBe(true);
  });

  it('tells revisions as of the commit that is exported', async () => {
    const repository = await newRepository();
    const first = await commitFiles(repository, { 'a.md': '1', 'b.md': '1' });
    const second = await commitFiles(repository, { 'a.md': '2' });
    await commitFiles(repository, { 'a.md': '1', 'c.md': '1', 'b.md': null });
    const lines = await linesOf(repository, {}, second);
    expect(lines.map(({ path, revision, content }) => [path, revision, content])).toEqual([
      ['a', second, '2'],
      ['b', first, '1'],
    ]);
  });

  it('goes on behind any line', async () => {
    const repository = await newRepository();
    await commitFiles(repository, {
      'a.md': '',
      'a/b.md': '',
      'a/c/d.md': '',
      'a-b.md': '',
      'ab.md': '',
      'é.md': '',
    });
    const all = await linesOf(repository);
    expect(all).toHaveLength(6);
    for (const [index, line] of all.entries())
      expect(await linesOf(repository, { after: String(line.file) })).toEqual(all.slice(index + 1));
  });

  it('is empty of a wiki without a commit, and refuses a commit that is not there', async () => {
    const repository = await newRepository();
    expect(await linesOf(repository)).toEqual([]);
    await expect(linesOf(repository, {}, '1'.repeat(40))).rejects.toMatchObject({ code: 'commit_not_found' });
  });
});

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Workspace } from '../../src/wiki/change/workspace.ts';
import { writtenSources } from '../../src/wiki/change/written-sources.ts';
import { createDescribe, pathTarget } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import { newWiki } from './wiki-support.ts';

async function newWorkspace(files: Record<string, string> = {}): Promise<Workspace> {
  const { repository, commit } = await newWiki();
  await commit({ 'first.md': '', ...files });
  return new Workspace(await repository.view(), DEFAULT_SETTINGS);
}

describe('a workspace', () => {
  it('knows which folders hold files after any writes and removals', async () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 });
    const step = fc.record({ path: path.map(parts => parts.join('/')), write: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
        const workspace = await newWorkspace({ 'a/b/c': 'there' });
        const files = new Set(['first.md', 'a/b/c']);
        for (const { path: file, write } of steps) {
          if (!write) workspace.remove(file);
          if (!write) files.delete(file);
          const written = write && (await workspace.write(file, Buffer.from(file)).catch(() => undefined));
          if (written !== undefined && write) files.add(file);
        }
        for (const folder of ['a', 'b', 'a/b', 'c/a', 'b/c']) {
          const below = [...files].filter(file => file.startsWith(`${folder}/`)).sort();
          expect((await workspace.filesBelow(folder)).map(file => file.path)).toEqual(below);
          expect(await workspace.occupied(folder)).toBe(files.has(folder) || below.length > 0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('finds the written pages that link to a page or to what is below it', async () => {
    const workspace = await newWorkspace();
    const texts = {
      'x.md': '[[a/b]] [[z]]',
      'y.md': '[[a/b/c]]',
      'z.md': '[[a/bc]] [[a]] [[a/b-c]]',
      'file.png': '[[a/b]]',
    };
    for (const [path, text] of Object.entries(texts)) await workspace.write(path, Buffer.from(text));
    expect(await writtenSources(workspace, pathTarget('a/b.md'))).toEqual(['x.md', 'y.md']);
    expect(await writtenSources(workspace, pathTarget('a.md'))).toEqual(['x.md', 'y.md', 'z.md']);
  });

  it('looks for the links of a written page once, until it is written again', async () => {
    const workspace = await newWorkspace();
    for (let page = 0; page < 5; page += 1) await workspace.write(`p${page}.md`, Buffer.from('[[a]]'));
    const read = vi.spyOn(workspace, 'read');
    const target = pathTarget('a.md');
    for (let again = 0; again < 3; again += 1) await writtenSources(workspace, target);
    expect(read).toHaveBeenCalledTimes(5);
    await workspace.write('p0.md', Buffer.from('no link any more'));
    expect(await writtenSources(workspace, target)).toEqual(['p1.md', 'p2.md', 'p3.md', 'p4.md']);
    expect(read).toHaveBeenCalledTimes(6);
  });

  it('finds them as the maps do', async () => {
    const link = fc.array(fc.constantFrom('a', 'b', 'a-b', 'B'), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(link, { maxLength: 4 }), { maxLength: 5 }),
        link,
        async (pages, to) => {
          const workspace = await newWorkspace();
          const texts = pages.map(links => links.map(parts => `[[${parts.join('/')}]]`).join(' '));
          const target = pathTarget(`${to.join('/')}.md`);
          const expected: string[] = [];
          for (const [page, text] of texts.entries()) {
            const path = `page${page}.md`;
            await workspace.write(path, Buffer.from(text));
            const found = await createDescribe(DEFAULT_SETTINGS)(path, Buffer.from(text));
            if (found?.targets.some(one => one === target || one.startsWith(`${target}/`)))
              expected.push(path);
          }
          expect(await writtenSources(workspace, target)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});

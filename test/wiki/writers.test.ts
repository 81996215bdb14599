import { describe, expect, it } from 'vitest';
import { newWiki } from './wiki-support.ts';

async function outcomes(writes: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(writes);
  return settled.map(result => (result.status === 'fulfilled' ? 'done' : String(result.reason.code)));
}

describe('writers at the same time', () => {
  it('do not put a page where the other needs a folder', async () => {
    const { wiki, put, files } = await newWiki();
    await put('p', 'x');
    const found = await outcomes([
      wiki.putAttachment({ path: 'p', filename: 'x', content: 'aGk=' }),
      wiki.putPage({ path: 'p/x/y', content: 'below' }),
    ]);
    expect([
      ['done', 'path_under_page'],
      ['path_is_folder', 'done'],
    ]).toContainEqual(found);
    expect(await files()).toHaveLength(2);
    const back = await outcomes([
      wiki.putPage({ path: 'q/z.md/y', content: 'below' }),
      wiki.putPage({ path: 'q/z', content: 'page' }),
    ]);
    expect(back).toEqual(['done', 'path_is_folder']);
    expect(await files()).toHaveLength(3);
  });

  it('do not both create one page', async () => {
    const { wiki, messages } = await newWiki();
    const found = await outcomes([
      wiki.putPage({ path: 'p', content: 'one' }),
      wiki.putPage({ path: 'P', content: 'two' }),
    ]);
    expect(found).toEqual(['done', 'revision_required']);
    expect(await messages()).toHaveLength(1);
  });

  it('see the link that the other wrote when one renames', async () => {
    const { wiki, put, text } = await newWiki();
    await put('old', 'x');
    await Promise.all([
      wiki.putPage({ path: 'linker', content: '[[old]]' }),
      wiki.renamePage({ path: 'old', newPath: 'new' }),
    ]);
    expect(await text('linker')).toBe('[[New]]');
  });

  it('do not rename two pages onto one', async () => {
    const { wiki, put, files } = await newWiki();
    await put('a', 'x');
    await put('b', 'y');
    const found = await outcomes([
      wiki.renamePage({ path: 'a', newPath: 'c' }),
      wiki.renamePage({ path: 'b', newPath: 'c' }),
    ]);
    expect(found).toEqual(['done', 'page_exists_at']);
    expect(await files()).toEqual(['b.md', 'c.md']);
  });

  it('all arrive when each merges', async () => {
    const { wiki, put, text } = await newWiki();
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    const revision = await put('p', lines.join('\n'));
    await Promise.all(
      [3, 9, 15, 21, 27].map(i =>
        wiki.putPage({
          path: 'p',
          content: lines.map((line, j) => (i === j ? `${line} changed` : line)).join('\n'),
          revision,
          onConflict: 'merge',
        }),
      ),
    );
    expect((await text('p')).split('\n').filter(line => line.endsWith('changed'))).toHaveLength(5);
  });
});

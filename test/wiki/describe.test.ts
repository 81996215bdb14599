import { describe, expect, it } from 'vitest';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';

const describePage = createDescribe(DEFAULT_SETTINGS);

describe('the description of a file', () => {
  it('holds what lists and link queries need', async () => {
    const content = [
      '---\ntitle: A\ncategory: 5\ntags: [x, 2, null]\n---',
      'one two [[B#c]] [md](/C.md) ![i](./pic.PNG) [rel](../d) `[[E]]` [ext](https://x.y/z) [a](#b)',
    ].join('\n');
    expect(await describePage('docs/intro.md', Buffer.from(content))).toEqual({
      facts: { title: 'A', category: '5', tags: ['x', '2', 'null'], words: 9, links: ['b', 'e'] },
      targets: ['w:b', 'w:e', 'p:b', 'p:c', 'p:docs/intro/pic.png', 'p:docs/pic.png', 'p:d', 'p:docs/d'],
    });
  });

  it('is made at once for a page without frontmatter', () => {
    expect(describePage('a.md', Buffer.from('text'))).toEqual({
      facts: { category: null, tags: [], words: 1, links: [] },
      targets: [],
    });
  });

  it('is none for attachments and for what is not text', () => {
    expect(describePage('a/b.png', Buffer.from('x'))).toBeUndefined();
    expect(describePage('a.MD', Buffer.from('x'))).toBeUndefined();
    expect(describePage('a.md', Buffer.from([0xff]))).toBeUndefined();
  });

  it.each([
    ['tags: "a, b ,, c"', ['a', 'b', 'c']],
    ['tags: null', []],
    ['tags: 5', ['5']],
    ['tags: {a: 1, b: 2}', ['a', 'b']],
    ['tags: [[a], yes]', ['["a"]', 'true']],
    ['tags: ""', []],
  ])('reads %j as %j', async (yaml, tags) => {
    const found = await describePage('a.md', Buffer.from(`---\n${yaml}\n---\n`));
    expect(found?.facts.tags).toEqual(tags);
  });
});

import { describe, expect, test } from 'vitest';
import { openWiki } from '../harness.ts';

/** Contract section 3. */

async function read(content: string) {
  const { call, write } = await openWiki();
  await write('page', content);
  const page = (await call('GET', '/pages/page')).body;
  const row = (await call('GET', '/pages')).body.pages[0];
  return { frontmatter: page.frontmatter, name: page.name, content: page.content, row, call };
}

describe('frontmatter (3)', () => {
  test('is the mapping between the lines, and stays in the content', async () => {
    const content = '---\ntitle: My Page\ncategory: Foo\ntags: [a, b]\n---\nBody here';
    const page = await read(content);
    expect(page.frontmatter).toEqual({ title: 'My Page', category: 'Foo', tags: ['a', 'b'] });
    expect([page.name, page.content]).toEqual(['My Page', content]);
    expect(page.row).toMatchObject({ name: 'My Page', category: 'Foo', tags: ['a', 'b'], content_length: 2 });
  });

  test.each([
    ['an empty block', '---\n---\nx'],
    ['a byte order mark before it', '\ufeff---\na: 1\n---\n'],
    ['anything before it', ' ---\na: 1\n---\n'],
    ['a list', '---\n- a\n---\n'],
    ['broken YAML', '---\na: [\n---\n'],
    ['no frontmatter', 'x'],
    ['an empty page', ''],
  ])('%s is none', async (_, content) => {
    const page = await read(content);
    expect([page.frontmatter, page.name]).toEqual([null, 'Page']);
  });

  test.each([
    ['a: yes\nb: off', { a: true, b: false }],
    ['a: 12:30', { a: 750 }],
    ['a: 010', { a: 8 }],
    ['a: 1\na: 2', { a: 2 }],
    ['date: 2026-03-09', { date: 'Mon, 09 Mar 2026 00:00:00 GMT' }],
    ['date: 2026-03-09 10:20:30', { date: 'Mon, 09 Mar 2026 10:20:30 GMT' }],
  ])('YAML 1.1: %j', async (yaml, value) => {
    expect((await read(`---\n${yaml}\n---\n`)).frontmatter).toEqual(value);
  });

  test('text behind the closing line, blank lines after it and CRLF are fine', async () => {
    expect((await read('---\na: 1\n---foo\nx')).frontmatter).toEqual({ a: 1 });
    expect((await read('---\r\na: 1\r\n---\r\nx')).frontmatter).toEqual({ a: 1 });
    expect((await read('---  \n\na: 1\n---\n\n\nx')).frontmatter).toEqual({ a: 1 });
  });

  test('a title keeps its type, and search and list go on', async () => {
    const { name, call } = await read('---\ntitle: 42\ncategory: 7\ntags: null\n---\nword');
    expect(name).toBe(42);
    expect((await call('GET', '/search?q=word')).body).toMatchObject({ total: 1 });
    expect((await call('GET', '/pages?category=7')).body.total).toBe(1);
    expect((await call('GET', '/pages?tag=x')).body.total).toBe(0);
  });

  test('tags may be one string', async () => {
    expect((await read('---\ntags: a, b ,c\n---\n')).row.tags).toEqual(['a', 'b', 'c']);
  });
});

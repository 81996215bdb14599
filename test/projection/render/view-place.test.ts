import { beforeAll, describe, expect, test } from 'vitest';
import type { View } from '../../../src/git/repository.ts';
import { viewPlace } from '../../../src/projection/render/view-place.ts';
import type { CompiledPage } from '../../../src/render/renderer.ts';
import { type Harness, openWiki } from '../../http/harness.ts';

const NAMING = { retainPageNameCase: false, wikilinkStyle: '' };
const compiled: [id: string | undefined, source: string][] = [];
const pages = {
  async compile(id: string | undefined, source: string): Promise<CompiledPage> {
    compiled.push([id, source]);
    return { html: [source], refs: [], headings: [], title: null, needs: [] };
  },
};
let wiki: Harness;
let view: View;

beforeAll(async () => {
  const steps: (() => Promise<void>)[] = [];
  wiki = await openWiki({}, step => void steps.push(step));
  await wiki.write('Docs', 'x');
  await wiki.write('Docs/Intro', '---\ntitle: T\n---\n# One\n\nfirst\n\n# Two\n\nsecond\n');
  await wiki.write('Docs/Other', 'plain');
  await wiki.write('Other', 'x');
  const content = Buffer.from('a;b').toString('base64');
  await wiki.call('POST', '/pages/Docs/Intro/attachments', { filename: 'a_b.csv', content });
  view = await (await wiki.service.repository()).view();
  return async () => {
    for (const step of steps) await step();
  };
});

function place(file = 'docs/intro.md', baseUrl = '') {
  return viewPlace(file, { view, naming: NAMING, pages, baseUrl });
}

describe('what a link means', () => {
  test.each([
    ['[[Docs/Other]]', 'Docs/Other', true, 'docs/other.md', true],
    ['[[Other#Sec One]]', 'Other#Sec One', true, 'other.md', true],
    ['[[Absent]]', 'Absent', true, 'absent.md', false],
    ['a page of the same folder', 'other', false, 'docs/other.md', true],
    ['a page of the same folder by its file', 'Other.md', false, 'docs/other.md', true],
    ['a page from the root', '/Other', false, 'other.md', true],
    ['an attachment of the page', './a%5Fb.csv', false, 'docs/intro/a_b.csv', true],
    ['an attachment without dot', 'a_b.csv', false, 'docs/intro/a_b.csv', true],
    ['an attachment in the case of its page', '/Docs/Intro/a_b.csv', false, 'docs/intro/a_b.csv', true],
    ["an attachment by Otterwiki's address", '/Docs/Intro/a/a_b.csv', false, 'docs/intro/a_b.csv', true],
    ['a page that could be there', '/no/such', false, 'no/such.md', false],
    ['a file that could be there', '/no/such.png', false, 'no/such.png', false],
  ])('%s', async (_, target, isWikiLink, file, exists) => {
    expect(await place().resolve(target, isWikiLink)).toMatchObject({
      file,
      exists,
      isPage: file.endsWith('.md'),
    });
  });

  test.each(['../../../etc/passwd', '/../x', './../../../.git/config', '//example.org/x', '', '?x'])(
    '%s is nothing in the wiki',
    async target => {
      expect((await place().resolve(target, false))?.exists ?? false).toBe(false);
      expect(await place().read(target, 1_000)).toBeUndefined();
    },
  );

  test('files that are asked for at once are read together', async () => {
    let [together, asked] = [0, 0];
    const counting: View = new Proxy(view, {
      get(of, name) {
        if (name === 'together') together += 1;
        if (name === 'file') asked += 1;
        const value = Reflect.get(of, name, of);
        return typeof value === 'function' ? value.bind(of) : value;
      },
    });
    const { resolve } = viewPlace('other.md', { view: counting, naming: NAMING, pages, baseUrl: '' });
    await Promise.all(['Docs', 'Docs/Intro', 'Docs/Intro', 'Absent'].map(target => resolve(target, true)));
    expect(together).toBe(1);
    await resolve('Docs', true);
    expect(together).toBe(1);
    expect(asked).toBeLessThanOrEqual(9);
  });
});

describe('addresses', () => {
  test('are encoded, below the address of the site', () => {
    const { pageUrl, fileUrl } = place('other.md', 'https://wiki.example.org/base');
    expect(pageUrl('a b/ü?.md', 'x y"')).toBe('https://wiki.example.org/base/a%20b/%C3%BC%3F#x%20y%22');
    expect(pageUrl('home.md', '')).toBe('https://wiki.example.org/base/');
    expect(fileUrl('a/b#.png')).toBe('https://wiki.example.org/base/-/files/a/b%23.png');
  });

  test('of a place on the page itself are that place, also from a page that it embeds', () => {
    expect(place('other.md').pageUrl('other.md', 'top')).toBe('#top');
    expect(place('other.md').at('docs.md').pageUrl('other.md', 'top')).toBe('#top');
    expect(place('other.md').at('docs.md').pageUrl('docs.md', 'top')).toBe('/docs#top');
  });
});

describe('what is embedded', () => {
  test('is a page without its frontmatter, or a section of it, each under an id of its own', async () => {
    compiled.length = 0;
    await place('other.md').page('docs/intro.md');
    await place('other.md').page('docs/intro.md', 'two');
    await place('other.md').page('docs/other.md');
    expect(compiled.map(([, source]) => source)).toEqual([
      '# One\n\nfirst\n\n# Two\n\nsecond\n',
      '# Two\n\nsecond\n',
      'plain',
    ]);
    const { oid } = (await view.file('docs/intro.md')) ?? {};
    expect(compiled[0]?.[0]).toBe(`${oid} body`);
    expect(compiled[1]?.[0]).toBe(`${oid} section two`);
  });

  test('is nothing where there is no page, section or text', async () => {
    expect(await place().page('absent.md')).toBeUndefined();
    expect(await place().page('docs/intro.md', 'three')).toBeUndefined();
    expect(await place().page('docs/intro/a_b.csv')).toBeUndefined();
  });

  test('lists the attachments of a page, and the pages below it', async () => {
    expect(await place().attachments('docs/intro.md')).toMatchObject([{ name: 'a_b.csv', size: 3 }]);
    expect(await place().pagesBelow('docs', 10)).toEqual([
      { file: 'docs/intro.md', name: 'T' },
      { file: 'docs/other.md', name: 'Other' },
    ]);
    expect(await place().pagesBelow('docs', 1)).toHaveLength(1);
  });

  test('is no attachment that is too large', async () => {
    expect(String(await place().read('docs/intro/a_b.csv', 3))).toBe('a;b');
    expect(await place().read('docs/intro/a_b.csv', 2)).toBeUndefined();
  });
});

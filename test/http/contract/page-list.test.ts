import { describe, expect, test } from 'vitest';
import { openWiki, refusal } from '../harness.ts';

/** Contract section 5.1. */

async function docs() {
  const wiki = await openWiki();
  await wiki.write('docs/intro', '---\ncategory: Guide\ntags: [Start, x]\n---\none two three');
  await wiki.write('docs2', 'four words are here');
  await wiki.write(
    'actors/iran (islamic republic)'.replaceAll(' ', '%20'),
    '---\ntitle: Iran\ncategory: guide\n---\n',
  );
  const paths = async (query: string) => {
    const { body } = await wiki.call('GET', `/pages${query}`);
    return body.pages.map((page: { path: string }) => page.path);
  };
  return { ...wiki, paths };
}

describe('GET /pages (5.1)', () => {
  test('of an empty wiki', async () => {
    const { call } = await openWiki();
    expect((await call('GET', '/pages')).body).toEqual({ pages: [], total: 0 });
  });

  test('shows what each page is, and nothing else, in the order of file names', async () => {
    const { call } = await docs();
    const { body } = await call('GET', '/pages');
    const day = expect.stringMatching(/^\d{4}-\d\d-\d\d$/);
    expect(body).toEqual({
      pages: [
        {
          category: 'guide',
          content_length: 0,
          last_updated: day,
          name: 'Iran',
          path: 'Actors/Iran (Islamic Republic)',
          tags: [],
        },
        {
          category: 'Guide',
          content_length: 3,
          last_updated: day,
          name: 'Intro',
          path: 'Docs/Intro',
          tags: ['Start', 'x'],
        },
        { category: null, content_length: 4, last_updated: day, name: 'Docs2', path: 'Docs2', tags: [] },
      ],
      total: 3,
    });
  });

  test.each([
    ['?prefix=docs/', ['Docs/Intro']],
    ['?prefix=docs', ['Docs/Intro', 'Docs2']],
    ['?prefix=%20DOCS2%20', ['Docs2']],
    ['?prefix=/docs', []],
    ['?prefix=', ['Actors/Iran (Islamic Republic)', 'Docs/Intro', 'Docs2']],
    ['?category=GUIDE', ['Actors/Iran (Islamic Republic)', 'Docs/Intro']],
    ['?tag=start', ['Docs/Intro']],
    ['?tag=star', []],
    ['?category=guide&tag=X', ['Docs/Intro']],
    ['?category=guide&prefix=actors', ['Actors/Iran (Islamic Republic)']],
    ['?updated_since=2000-01-01', ['Actors/Iran (Islamic Republic)', 'Docs/Intro', 'Docs2']],
    ['?updated_since=2099-01-01', []],
    ['?updated_since=2000-01-01T00:00:00Z', ['Actors/Iran (Islamic Republic)', 'Docs/Intro', 'Docs2']],
    ['?updated_since=2000-01-01T00:00:00%2B02:00', ['Actors/Iran (Islamic Republic)', 'Docs/Intro', 'Docs2']],
  ])('%s', async (query, wanted) => {
    const { paths } = await docs();
    expect(await paths(query)).toEqual(wanted);
  });

  test.each(['yesterday', '2000-13-01', '2000-01-01T00:00:00+02:00'])(
    'updated_since=%s is refused (a raw + is a space)',
    async since => {
      const { call } = await openWiki();
      expect(refusal(await call('GET', `/pages?updated_since=${since}`))).toEqual([
        422,
        'Invalid updated_since format. Use ISO 8601.',
      ]);
    },
  );

  test('with case kept the prefix keeps its case', async () => {
    const { call, write } = await openWiki({ RETAIN_PAGE_NAME_CASE: 'true' });
    await write('Docs', 'x');
    expect((await call('GET', '/pages?prefix=docs')).body.total).toBe(0);
    expect((await call('GET', '/pages?prefix=Docs')).body.total).toBe(1);
  });

  test('binary .md files are left out', async () => {
    const { call, service } = await openWiki();
    const repository = await service.repository();
    await repository.commit({
      plan: async () => ({
        kind: 'commit',
        draft: {
          changes: [{ path: 'bin.md', to: { bytes: Buffer.from([0xff, 0xfe, 0]) } }],
          message: 'x',
          author: { name: 'A', email: 'a@b' },
        },
        result: () => null,
      }),
    });
    expect((await call('GET', '/pages')).body.total).toBe(0);
    expect((await call('GET', '/pages/bin')).body.code).toBe('page_not_text');
  });

  test('can be read in parts', async () => {
    const { call } = await docs();
    const first = (await call('GET', '/pages?limit=2')).body;
    expect([first.pages.length, first.total]).toEqual([2, 3]);
    const rest = (await call('GET', `/pages?limit=2&cursor=${first.next_cursor}`)).body;
    expect(rest.pages.map((page: { path: string }) => page.path)).toEqual(['Docs2']);
    expect(rest.next_cursor).toBeUndefined();
    expect((await call('GET', '/pages?cursor=nonsense')).body.code).toBe('cursor_invalid');
  });

  test('parts stay in step when pages come and go', async () => {
    const { call, write } = await docs();
    const first = (await call('GET', '/pages?limit=2')).body;
    await write('actors/a', 'x');
    const rest = (await call('GET', `/pages?cursor=${first.next_cursor}`)).body;
    expect(rest.pages.map((page: { path: string }) => page.path)).toEqual(['Docs2']);
  });
});

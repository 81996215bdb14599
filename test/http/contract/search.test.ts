import { describe, expect, test } from 'vitest';
import { openWiki, refusal } from '../harness.ts';

/** Contract section 10. */

describe('GET /search (10)', () => {
  test.each(['', '?q=', '?q=%20%20', '?query=x'])('%j asks nothing', async query => {
    const { call } = await openWiki();
    expect(refusal(await call('GET', `/search${query}`))).toEqual([422, "Query parameter 'q' is required"]);
  });

  test('one term: in the text, in the name', async () => {
    const { call, write } = await openWiki();
    await write('docs/aardvark', 'nothing here');
    await write('other', 'an Aardvark in the text');
    await write('third', 'none');
    expect((await call('GET', '/search?q=%20aardvark%20')).body).toEqual({
      query: 'aardvark',
      results: [
        { name: 'Aardvark', path: 'Docs/Aardvark', score: 1, snippet: '' },
        { name: 'Other', path: 'Other', score: 0.5, snippet: 'an Aardvark in the text' },
      ],
      total: 2,
    });
  });

  test('terms are joined by OR; pages with more of them come first', async () => {
    const { call, write } = await openWiki();
    await write('a', 'red');
    await write('b', 'red green');
    await write('c', 'blue');
    const { results } = (await call('GET', '/search?q=red+green')).body;
    expect(results.map(({ path, score }: { path: string; score: number }) => [path, score])).toEqual([
      ['B', 0.5],
      ['A', 0.12],
    ]);
  });

  test('finds what was written just before, and not what was removed', async () => {
    const { call, write } = await openWiki();
    const total = async () => (await call('GET', '/search?q=zebra')).body.total;
    expect(await total()).toBe(0);
    await write('a', 'zebra');
    expect(await total()).toBe(1);
    await write('a', 'horse');
    expect(await total()).toBe(0);
    await write('a', 'zebra');
    await call('DELETE', '/pages/a');
    expect(await total()).toBe(0);
  });

  test('the folder is no part of the name, the frontmatter none of the text', async () => {
    const { call, write } = await openWiki();
    await write('folder/page', '---\ncategory: hidden\n---\nx');
    expect((await call('GET', '/search?q=folder')).body.total).toBe(0);
    expect((await call('GET', '/search?q=hidden')).body.total).toBe(0);
  });

  test('the snippet is cut around the hit', async () => {
    const { call, write } = await openWiki();
    await write('a', `${'x'.repeat(100)} needle ${'y'.repeat(300)}`);
    const [{ snippet }] = (await call('GET', '/search?q=needle')).body.results;
    expect(snippet).toBe(`...${'x'.repeat(49)} needle ${'y'.repeat(149)}...`);
  });

  test('short terms, special characters and other scripts are literal text', async () => {
    const { call, write } = await openWiki();
    await write('a', 'C# 100% "quoted" naïve ÜBER 日本語 (x) *');
    for (const q of ['c#', '100%', '"quoted"', 'NAÏVE', 'über', '日本', '(x)', '*', 'x']) {
      expect([q, (await call('GET', `/search?q=${encodeURIComponent(q)}`)).body.total]).toEqual([q, 1]);
    }
    expect((await call('GET', '/search?q=_')).body.total).toBe(0);
  });

  test('many results come in parts, total counts all', async () => {
    const { call } = await openWiki();
    const changes = Array.from({ length: 5 }, (_, index) => ({
      op: 'put',
      path: `p${index}`,
      content: 'word',
    }));
    await call('POST', '/batch', { changes });
    const first = (await call('GET', '/search?q=word&limit=3')).body;
    const rest = (await call('GET', `/search?q=word&limit=3&cursor=${first.next_cursor}`)).body;
    const paths = [...first.results, ...rest.results].map(({ path }: { path: string }) => path);
    expect(paths).toEqual(['P0', 'P1', 'P2', 'P3', 'P4']);
    expect([first.total, rest.total, rest.next_cursor]).toEqual([5, 5, undefined]);
    expect((await call('GET', '/search?q=word&cursor=x')).body.code).toBe('cursor_invalid');
  });
});

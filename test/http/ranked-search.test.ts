import { describe, expect, test } from 'vitest';
import { openWiki } from './harness.ts';

describe('GET /api/v1/search?mode=ranked', () => {
  test('takes the whole language, and answers with places', async () => {
    const wiki = await openWiki();
    await wiki.write(
      'Docs/Gulls',
      '---\ntags: [birds, sea]\ncategory: Animals\n---\n# Herring gulls\n\nThey nest on cliffs.',
    );
    await wiki.write('Docs/Terns', '---\ntags: [birds]\n---\nTerns nest on sand, gulls on cliffs.');
    await wiki.write('Other', 'gulls');
    const ask = async (query: string) => {
      const { body } = await wiki.call('GET', `/search?mode=ranked&q=${encodeURIComponent(query)}`);
      return body.results.map(({ path }: { path: string }) => path);
    };
    expect(await ask('path:docs gull* -sand')).toEqual(['Docs/Gulls']);
    expect(await ask('heading:"herring gulls" OR tag:Birds')).toEqual(['Docs/Gulls', 'Docs/Terns']);
    expect(await ask('category:animals')).toEqual(['Docs/Gulls']);
    expect(await ask('title:terns "nest on"')).toEqual(['Docs/Terns']);
    const { body } = await wiki.call('GET', '/search?mode=ranked&q=cliffs&limit=1');
    expect(body).toMatchObject({ query: 'cliffs', total: 2, next_cursor: expect.any(String) });
    const [{ text, ranges }] = body.results[0].highlights;
    expect(ranges.map(([start, end]: [number, number]) => text.slice(start, end))).toEqual(['cliffs']);
  });

  test.each([
    ['q=(gull&mode=ranked', 422, 'query_invalid', 'at character 1: the "(" here needs a ")"'],
    ['q=%20&mode=ranked', 422, 'query_required', "Query parameter 'q' is required"],
    ['q=gull&mode=best', 422, 'query_invalid', 'the mode is "best", there are simple and ranked'],
    ['q=gull&mode=ranked&cursor=from-1', 422, 'cursor_invalid', 'next_cursor'],
  ])('refuses %s', async (query, status, code, text) => {
    const answer = await (await openWiki()).call('GET', `/search?${query}`);
    expect([answer.status, answer.body.code, answer.body.error]).toEqual([
      status,
      code,
      expect.stringContaining(text),
    ]);
  });

  test('leaves the simple form as it is, whatever the query would mean', async () => {
    const wiki = await openWiki();
    await wiki.write('Home', 'a "gull* -tern');
    const plain = await wiki.call('GET', '/search?q=%22gull*%20-tern');
    expect(plain.body.results).toEqual([
      { name: 'Home', path: 'Home', score: 0.5, snippet: 'a "gull* -tern' },
    ]);
    expect((await wiki.call('GET', '/search?q=%22gull*%20-tern&mode=simple')).body).toEqual(plain.body);
  });
});

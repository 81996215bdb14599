import { describe, expect, test } from 'vitest';
import { ISO_DATE, openWiki, refusal } from '../harness.ts';

/** Contract sections 8 and 9. */

async function threeVersions() {
  const wiki = await openWiki();
  const revisions = [
    await wiki.write('noop', '1'),
    await wiki.write('noop', '2'),
    await wiki.write('noop', '3'),
  ].reverse();
  await wiki.write('other', 'x');
  return { ...wiki, revisions };
}

describe('GET /pages/<path>/history (8)', () => {
  test('the commits that touched the page, newest first', async () => {
    const { call, revisions } = await threeVersions();
    const { body } = await call('GET', '/pages/noop/history');
    expect(body.path).toBe('Noop');
    expect(body.history.map(({ revision }: { revision: string }) => revision)).toEqual(revisions);
    expect(body.history[0]).toEqual({
      author: 'Kittiwake',
      date: expect.stringMatching(ISO_DATE),
      message: '[api] Update: noop',
      revision: revisions[0],
    });
  });

  test.each([
    ['2', 2],
    ['0', 3],
    ['x', 3],
    ['', 3],
    ['99', 3],
  ])('limit %j shows %i', async (limit, count) => {
    const { call } = await threeVersions();
    expect((await call('GET', `/pages/noop/history?limit=${limit}`)).body.history).toHaveLength(count);
  });

  test('goes on with a cursor', async () => {
    const { call, revisions } = await threeVersions();
    const first = (await call('GET', '/pages/noop/history?limit=2')).body;
    const rest = (await call('GET', `/pages/noop/history?limit=2&cursor=${first.next_cursor}`)).body;
    expect(rest.history.map(({ revision }: { revision: string }) => revision)).toEqual(revisions.slice(2));
    expect(rest.next_cursor).toBeUndefined();
  });

  test('a page that is not there, or no longer', async () => {
    const { call } = await threeVersions();
    expect(refusal(await call('GET', '/pages/Nope/history'))).toEqual([404, 'Page not found: Nope']);
    await call('DELETE', '/pages/noop');
    expect((await call('GET', '/pages/noop/history')).status).toBe(404);
  });
});

describe('GET /changelog (9)', () => {
  test('of an empty wiki', async () => {
    const { call } = await openWiki();
    expect((await call('GET', '/changelog')).body).toEqual({ entries: [], total: 0 });
  });

  test('the commits of the wiki, newest first, with the pages they changed', async () => {
    const { call, write } = await openWiki();
    await write('tgt', 'some text');
    await write('l1', '[[tgt]]');
    const { revision } = (await call('POST', '/pages/tgt/rename', { new_path: 'new' })).body;
    const { body } = await call('GET', '/changelog');
    expect(body.total).toBe(3);
    expect(body.entries[0]).toEqual({
      author: 'Kittiwake',
      date: expect.stringMatching(ISO_DATE),
      message: '[api] Rename: tgt -> new',
      pages_affected: expect.arrayContaining(['L1', 'New']),
      revision,
    });
    expect(body.entries[2].pages_affected).toEqual(['Tgt']);
  });

  test('deleted pages are named, attachments are not', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    await call('POST', '/pages/a/attachments', { filename: 'f.txt', content: 'eA==' });
    await call('DELETE', '/pages/a');
    const { entries } = (await call('GET', '/changelog')).body;
    expect(entries.map((entry: { pages_affected: string[] }) => entry.pages_affected)).toEqual([
      ['A'],
      [],
      ['A'],
    ]);
  });

  test.each([
    ['', 50],
    ['?limit=2', 2],
    ['?limit=0', 55],
    ['?limit=-1', 55],
    ['?limit=many', 50],
  ])('%j shows %i of 55', async (query, count) => {
    const { call } = await openWiki();
    const changes = (index: number) => [{ op: 'put', path: `p${index}`, content: 'x' }];
    for (let index = 0; index < 55; index++) await call('POST', '/batch', { changes: changes(index) });
    const { body } = await call('GET', `/changelog${query}`);
    expect([body.entries.length, body.total]).toEqual([count, count]);
  });

  test('goes on with a cursor', async () => {
    const { call, revisions } = await threeVersions();
    const first = (await call('GET', '/changelog?limit=2')).body;
    const rest = (await call('GET', `/changelog?cursor=${first.next_cursor}`)).body;
    expect(rest.entries.map(({ revision }: { revision: string }) => revision)).toEqual(revisions.slice(1));
    expect((await call('GET', '/changelog?cursor=x')).body.code).toBe('cursor_invalid');
  });
});

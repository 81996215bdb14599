import { expect, it } from 'vitest';
import { commitFiles } from '../support/repository.ts';
import { type Harness, openWiki } from './harness.ts';

interface Told {
  id: string;
  type: string;
  path: string;
  from?: string;
  commit: string;
  message: string;
}

const summary = ({ type, path, from }: Told) => [type, path, ...(from === undefined ? [] : [from])].join(' ');

async function changes(wiki: Harness, query = '', headers: Record<string, string> = {}) {
  const { status, body } = await wiki.call('GET', `/changes${query}`, undefined, headers);
  return { status, body, events: (body.events ?? []) as Told[] };
}

it('tells what happened, oldest first, page by page and up to now', async () => {
  const wiki = await openWiki();
  expect((await changes(wiki)).body).toEqual({ events: [], cursor: 'start', more: false });
  await wiki.write('Docs/Intro', 'a gull');
  await wiki.call('POST', '/pages/Docs/Intro/attachments', { filename: 'a.txt', content: 'eA==' });
  await wiki.call('POST', '/pages/Docs/Intro/rename', { new_path: 'Docs/Start' });
  await wiki.call('DELETE', '/pages/Docs/Start');
  const { events, body } = await changes(wiki, '?since=start');
  expect([events.map(summary), body.more]).toEqual([
    [
      'page_created docs/intro',
      'attachment_saved docs/intro/a.txt',
      'attachment_deleted docs/intro/a.txt',
      'page_renamed docs/start docs/intro',
      'attachment_saved docs/start/a.txt',
      'page_deleted docs/start',
    ],
    false,
  ]);
  expect(body.cursor).toBe(await wiki.head());
  expect((await changes(wiki, `?since=${body.cursor}`)).body).toEqual({
    events: [],
    cursor: body.cursor,
    more: false,
  });
  expect((await changes(wiki, '?limit=2')).events).toEqual(events.slice(-2));
});

it('who goes on from a cursor misses nothing and gets nothing twice while others commit', async () => {
  const wiki = await openWiki();
  const repository = await wiki.service.repository();
  const bulk = (n: number) =>
    commitFiles(
      repository,
      Object.fromEntries(Array.from({ length: 7 }, (_, k) => [`${n}-${k}.md`, `${n} ${k}`])),
    );
  await bulk(0);
  const ids: string[] = [];
  let cursor = 'start';
  for (let n = 1; n < 20; n += 1) {
    const { events, body } = await changes(wiki, `?since=${cursor}&limit=3`);
    ids.push(...events.map(({ id }) => id));
    cursor = body.cursor;
    if (n < 6) await bulk(n);
    else if (!body.more) break;
  }
  expect(ids).toHaveLength(42);
  const whole = await changes(wiki, '?since=start&limit=1000');
  expect(ids).toEqual(whole.events.map(({ id }) => id));
  // An event's own id is a cursor, too.
  const rest = await changes(wiki, `?since=${ids[9]}&limit=1000`);
  expect(rest.events.map(({ id }) => id)).toEqual(ids.slice(10));
});

it('a cursor that is none is refused, and one that is gone says what to do', async () => {
  const wiki = await openWiki();
  await wiki.write('a', 'a gull');
  for (const since of ['x', '0', '12345678', `${'0'.repeat(40)}-x`])
    expect((await changes(wiki, `?since=${since}`)).body.code).toBe('cursor_invalid');
  for (const since of ['0'.repeat(40), `${'0'.repeat(40)}-3`])
    expect(await changes(wiki, `?since=${since}`)).toMatchObject({
      status: 410,
      body: { code: 'changes_gone' },
    });
  const head = await wiki.head();
  expect((await changes(wiki, `?since=${head}-999`)).body).toMatchObject({ events: [], cursor: head });
});

it('who may not read a file hears nothing of it', async () => {
  const wiki = await openWiki({ READ_ACCESS: 'ANONYMOUS' });
  const repository = await wiki.service.repository();
  await commitFiles(repository, { 'open.md': 'gull', 'secret/plan.md': 'x'.repeat(99) }, 'both: plan\n');
  await commitFiles(repository, { 'secret/plan.md': 'y'.repeat(99) }, 'the plan\n');
  await commitFiles(repository, { 'secret/plan.md': null, 'told.md': 'y'.repeat(99) }, 'tell plan\n');
  await commitFiles(repository, { 'open.md': null, 'secret/open.md': 'gull' }, 'hide plan\n');
  const rules = [{ path: 'secret', read: [] }];
  expect((await wiki.call('PUT', '/policy/rules', { rules }, { 'if-match': '*' })).status).toBe(200);
  const all = await changes(wiki, '?since=start');
  expect(all.events.map(summary)).toEqual([
    'page_created open',
    'page_created secret/plan',
    'page_updated secret/plan',
    'page_renamed told secret/plan',
    'page_renamed secret/open open',
  ]);
  const nobody = { authorization: '' };
  for (const query of ['?since=start', '?limit=9']) {
    const { events, body } = await changes(wiki, query, nobody);
    expect(events.map(summary)).toEqual(['page_created open', 'page_created told', 'page_deleted open']);
    expect(JSON.stringify(body)).not.toMatch(/plan|secret/);
  }
  // A cursor that was given to others works for him as well.
  const on = await changes(wiki, `?since=${all.events[2]?.id}`, nobody);
  expect(on.events.map(summary)).toEqual(['page_created told', 'page_deleted open']);
});

it('tells administrators how projections stand, and nobody else', async () => {
  const wiki = await openWiki({ READ_ACCESS: 'ANONYMOUS' });
  await wiki.write('a', 'a gull');
  const { status, body } = await wiki.call('GET', '/projections');
  expect(status).toBe(200);
  expect(body.projections[0]).toEqual({
    name: 'search',
    off: false,
    revision: null,
    head: await wiki.head(),
    behind: null,
    set_aside: [],
    dropped: 0,
    failure: null,
  });
  await wiki.call('GET', '/search?q=gull');
  const after = await wiki.call('GET', '/projections');
  expect(after.body.projections[0]).toMatchObject({ behind: { commits: 0, seconds: 0 } });
  expect((await wiki.call('GET', '/projections', undefined, { authorization: '' })).status).toBe(401);
});

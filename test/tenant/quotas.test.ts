import { expect, test } from 'vitest';
import { type ManyWikisHarness, openManyWikis } from './many-wikis.ts';

async function wikiWith(limits: object, env: Record<string, string> = {}) {
  const many = await openManyWikis({ env });
  expect((await many.call('', 'POST', '/tenants', { name: 'anna', limits })).status).toBe(201);
  const put = (path: string, body: object) => many.call('anna', 'PUT', `/pages/${path}`, body);
  return { ...many, put };
}

async function codeOf(answer: ReturnType<ManyWikisHarness['call']>): Promise<[number, string | undefined]> {
  const { status, body } = await answer;
  return [status, body?.code];
}

test('at the limit of pages no page comes to be, and those that are there are edited', async () => {
  const { call, put } = await wikiWith({ pages: 2 });
  await put('one', { content: 'x' });
  const { body } = await put('two', { content: 'x' });
  expect(await codeOf(put('three', { content: 'x' }))).toEqual([413, 'quota_pages']);
  expect((await put('two', { content: 'y', revision: body.revision })).status).toBe(200);
  expect((await call('anna', 'POST', '/pages/two/rename', { new_path: 'three' })).status).toBe(200);
  expect((await call('anna', 'DELETE', '/pages/one')).status).toBe(200);
  expect((await put('four', { content: 'x' })).status).toBe(201);
});

test('a batch that leads beyond the limit of pages is refused whole', async () => {
  const { call, put } = await wikiWith({ pages: 2 });
  await put('one', { content: 'x' });
  const changes = ['two', 'three'].map(path => ({ op: 'put', path, content: 'x' }));
  expect(await codeOf(call('anna', 'POST', '/batch', { changes }))).toEqual([413, 'quota_pages']);
  expect((await call('anna', 'GET', '/pages')).body.total).toBe(1);
  const swap = [
    { op: 'delete', path: 'one' },
    { op: 'put', path: 'two', content: 'x' },
    { op: 'put', path: 'three', content: 'x' },
  ];
  expect((await call('anna', 'POST', '/batch', { changes: swap })).status).toBe(200);
});

test('at the limit of bytes nothing is added, and pages are deleted', async () => {
  const { call, put } = await wikiWith({ bytes: 200_000 });
  const noise = () => Array.from({ length: 6_000 }, () => Math.random().toString(36)).join('');
  await put('one', { content: 'x' });
  const codes: (string | undefined)[] = [];
  for (let page = 0; page < 12 && !codes.includes('quota_bytes'); page += 1) {
    codes.push((await codeOf(put(`page${page}`, { content: noise() })))[1]);
  }
  expect(codes).toContain('quota_bytes');
  expect((await call('anna', 'DELETE', '/pages/one')).status).toBe(200);
  const { usage } = (await call('', 'GET', '/tenants/anna')).body;
  expect(usage.bytes).toBeLessThan(500_000);
});

test('a limit that is raised lets more in at once, one that is taken back is as configured', async () => {
  const { call, put } = await wikiWith({ pages: 1 }, { KITTIWAKE_MAX_PAGES: '3' });
  await put('one', { content: 'x' });
  expect((await put('two', { content: 'x' })).status).toBe(413);
  await call('', 'PATCH', '/tenants/anna', { limits: { pages: null } });
  expect((await put('two', { content: 'x' })).status).toBe(201);
  expect((await put('three', { content: 'x' })).status).toBe(201);
  expect((await put('four', { content: 'x' })).status).toBe(413);
  await call('', 'PATCH', '/tenants/anna', { limits: { pages: 0 } });
  expect((await put('four', { content: 'x' })).status).toBe(201);
});

test('limits of one wiki are none of another, and only operators change them', async () => {
  const { call, create, put } = await wikiWith({ pages: 1 });
  await create('bert');
  await put('one', { content: 'x' });
  for (const page of ['one', 'two'])
    expect((await call('bert', 'PUT', `/pages/${page}`, { content: 'x' })).status).toBe(201);
  const token = await call('', 'POST', '/tenants', { name: 'cleo', token: true, limits: { pages: 1 } });
  const cleo = { authorization: `Bearer ${token.body.token}` };
  expect((await call('', 'PATCH', '/tenants/cleo', { limits: { pages: 0 } }, cleo)).status).toBe(403);
  expect((await call('cleo', 'PUT', '/policy/limits', { pages: 9 }, cleo)).status).toBe(403);
});

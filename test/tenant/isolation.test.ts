import { expect, test } from 'vitest';
import { openManyWikis } from './many-wikis.ts';

const SECRET = 'canary-of-bert';
const admin = { name: 'Bert', email: 'bert@example.org', password: 'a long password' };

/** Anna's wiki and Bert's, with what Bert's holds; Anna has a token with which she administers hers. */
async function setUp(env: Record<string, string> = {}) {
  const many = await openManyWikis({ env });
  const { call } = many;
  const made = await call('', 'POST', '/tenants', { name: 'anna', token: true });
  const anna = { authorization: `Bearer ${made.body.token}` };
  const bert = await many.create('bert');
  const first = await call('bert', 'PUT', '/pages/Home', { content: `${SECRET}\n` });
  const second = await call('bert', 'PUT', '/pages/Home', { content: 'x', revision: first.body.revision });
  const revisions = [first.body.revision, second.body.revision];
  await call('anna', 'PUT', '/pages/Home', { content: 'of Anna' }, anna);
  return { ...many, anna, uuids: { anna: made.body.tenant.uuid, bert }, revisions };
}

test('commits of another wiki are none of this one', async () => {
  const { call, anna, revisions } = await setUp();
  const [old, newest] = revisions;
  for (const revision of [old, newest, old.slice(0, 7)]) {
    const read = await call('anna', 'GET', `/pages/Home?revision=${revision}`, undefined, anna);
    expect([404, 422]).toContain(read.status);
    expect(JSON.stringify(read.body)).not.toContain(SECRET);
    const restored = await call('anna', 'POST', '/pages/Home/restore', { revision }, anna);
    expect([404, 409, 422]).toContain(restored.status);
    expect((await call('anna', 'POST', '/revert', { revision }, anna)).status).toBe(404);
  }
  const put = await call('anna', 'PUT', '/pages/Home', { content: 'y', revision: newest }, anna);
  expect(put.status).toBe(409);
  expect(JSON.stringify(put.body)).not.toContain(SECRET);
});

test('no read of one wiki shows anything of another', async () => {
  const { call, anna } = await setUp();
  for (const path of [
    '/pages',
    '/pages/Home',
    '/pages/Home/history',
    '/pages/Home/attachments',
    '/changelog',
    '/links',
    '/search?q=canary',
    '/drafts',
    '/tokens?all=true',
    '/users',
    '/audit',
    '/policy',
    '/me',
  ]) {
    const { body } = await call('anna', 'GET', path, undefined, anna);
    expect(JSON.stringify(body ?? '')).not.toMatch(new RegExp(SECRET));
  }
  expect((await call('anna', 'GET', `/search?q=${SECRET}`, undefined, anna)).body.total).toBe(0);
  expect((await call('anna', 'GET', '/changelog', undefined, anna)).body.total).toBe(1);
});

test('a token of one wiki is refused by every route of another', async () => {
  const { call, anna, lines } = await setUp();
  for (const [method, path] of [
    ['GET', '/pages'],
    ['GET', '/pages/Home'],
    ['PUT', '/pages/Home'],
    ['DELETE', '/pages/Home'],
    ['GET', `/search?q=${SECRET}`],
    ['GET', '/policy'],
    ['GET', '/tokens'],
    ['POST', '/tokens'],
    ['GET', '/users'],
    ['GET', '/audit'],
    ['GET', '/me'],
    ['POST', '/batch'],
  ] as const) {
    const { status, body } = await call('bert', method, path, undefined, anna);
    expect([method, path, status]).toEqual([method, path, 403]);
    expect(JSON.stringify(body)).not.toContain(SECRET);
  }
  expect(lines.filter(line => line.code === 'token_of_other_wiki')).toHaveLength(12);
  for (const path of ['/tenants', '/tenants/bert', '/audit']) {
    expect((await call('', 'GET', path, undefined, anna)).status).toBe(403);
  }
});

test('ids of tokens and users of one wiki mean nothing in another', async () => {
  const { call, anna } = await setUp();
  const token = await call('bert', 'POST', '/tokens', { name: 'a program', rights: ['read'] });
  const user = await call('bert', 'POST', '/users', admin);
  expect([token.status, user.status]).toEqual([201, 201]);
  const tokenId = token.body.id ?? token.body.info?.id;
  expect(tokenId).toMatch(/^[0-9a-f]{16}$/);
  for (const [method, path, body] of [
    ['GET', `/tokens/${tokenId}`],
    ['DELETE', `/tokens/${tokenId}`],
    ['GET', `/users/${user.body.id}`],
    ['PATCH', `/users/${user.body.id}`, { admin: false }],
    ['DELETE', `/users/${user.body.id}`],
    ['POST', `/users/${user.body.id}/password`, { password: 'another password' }],
  ] as const) {
    expect([path, (await call('anna', method, path, body, anna)).status]).toEqual([path, 404]);
  }
  expect((await call('bert', 'GET', `/users/${user.body.id}`)).body.admin).toBe(true);
});

test('the password of a user of one wiki opens no other', async () => {
  const { call } = await setUp();
  expect((await call('bert', 'POST', '/users', admin)).status).toBe(201);
  const basic = Buffer.from(`${admin.email}:${admin.password}`).toString('base64');
  const authorization = `Basic ${basic}`;
  expect((await call('bert', 'GET', '/pages/Home', undefined, { authorization })).status).toBe(200);
  expect((await call('anna', 'GET', '/pages/Home', undefined, { authorization })).status).toBe(401);
  expect((await call('', 'GET', '/tenants', undefined, { authorization })).status).toBe(401);
});

test('one Idempotency-Key stands for one write in each wiki', async () => {
  const { call } = await setUp();
  const key = { 'idempotency-key': 'the same' };
  const body = { content: 'text' };
  const first = await call('anna', 'PUT', '/pages/New', body, key);
  const second = await call('bert', 'PUT', '/pages/New', body, key);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.headers['idempotency-replayed']).toBeUndefined();
  expect((await call('bert', 'GET', '/pages/New')).body.revision).toBe(second.body.revision);
});

test('an ETag of one wiki says nothing of another', async () => {
  const { call } = await setUp();
  for (const wiki of ['anna', 'bert']) await call(wiki, 'PUT', '/pages/Same', { content: 'the same' });
  const { headers } = await call('bert', 'GET', '/pages/Home');
  const condition = { 'if-none-match': String(headers.etag) };
  const other = await call('anna', 'GET', '/pages/Home', undefined, condition);
  expect([other.status, other.body.content]).toEqual([200, 'of Anna']);
  const stale = await call(
    'anna',
    'PUT',
    '/pages/Home',
    { content: 'y' },
    { 'if-match': String(headers.etag) },
  );
  expect(stale.status).toBe(412);
});

test('a cursor of one wiki leads nowhere in another', async () => {
  const { call, anna } = await setUp();
  for (const name of ['One', 'Two', 'Three'])
    await call('bert', 'PUT', `/pages/${name}`, { content: SECRET });
  for (const path of ['/pages', '/changelog', '/pages/Home/history', '/drafts', '/tokens', '/users']) {
    const { body } = await call('bert', 'GET', `${path}?limit=1`);
    const cursor = encodeURIComponent(body.next_cursor ?? 'MTpvbmU');
    const other = await call('anna', 'GET', `${path}?limit=1&cursor=${cursor}`, undefined, anna);
    expect([200, 401, 403, 404, 422]).toContain(other.status);
    expect(JSON.stringify(other.body)).not.toMatch(new RegExp(`${SECRET}|Three|Two`));
  }
});

test('a draft of one wiki is none of another', async () => {
  const { call, anna } = await setUp();
  const put = await call('bert', 'PUT', '/drafts/Home', { content: SECRET });
  expect(put.status).toBeLessThan(300);
  expect((await call('anna', 'GET', '/drafts/Home')).status).toBe(404);
  const listed = await call('anna', 'GET', '/drafts', undefined, anna);
  expect(JSON.stringify(listed.body)).not.toContain(SECRET);
});

test('what is opened to anybody in one wiki stays closed in another', async () => {
  const { call } = await setUp();
  await call('bert', 'PATCH', '/preferences', { READ_ACCESS: 'ANONYMOUS' });
  const nobody = { authorization: '' };
  expect((await call('bert', 'GET', '/pages/Home', undefined, nobody)).status).toBe(200);
  expect((await call('anna', 'GET', '/pages/Home', undefined, nobody)).status).toBe(401);
  expect((await call('', 'GET', '/tenants', undefined, nobody)).status).toBe(401);
});

test('the index of one wiki holds no word of another, in a file of its own', async () => {
  const { call, folder, uuids } = await setUp();
  await call('bert', 'PUT', '/pages/Other', { content: SECRET });
  for (const wiki of ['anna', 'bert']) await call(wiki, 'GET', `/search?q=${SECRET}`);
  const { readFile, readdir } = await import('node:fs/promises');
  const files = await readdir(`${folder}/search`);
  const of = (uuid: string) => files.filter(file => file.startsWith(uuid));
  expect([of(uuids.anna).length > 0, of(uuids.bert).length > 0]).toEqual([true, true]);
  const bytes = await Promise.all(of(uuids.anna).map(file => readFile(`${folder}/search/${file}`)));
  for (const each of bytes) expect(each.includes(SECRET)).toBe(false);
});

test('two wikis under load at once stay apart, also when one process keeps one open', async () => {
  const { call, service } = await setUp({ KITTIWAKE_TENANT_CACHE: '1' });
  const wikis = ['anna', 'bert'] as const;
  const write = async (wiki: string, page: number) => {
    const put = await call(wiki, 'PUT', `/pages/p${page}`, { content: `${wiki} ${page}` });
    expect(put.status).toBe(201);
    const { body } = await call(wiki, 'GET', `/pages/p${page}`);
    expect(body.content).toBe(`${wiki} ${page}`);
    const found = await call(wiki, 'GET', `/search?q=${wiki === 'anna' ? 'bert' : 'anna'}`);
    expect(found.status).toBe(200);
  };
  const pages = Array.from({ length: 25 }, (_, page) => page);
  await Promise.all(pages.flatMap(page => wikis.map(wiki => write(wiki, page))));
  for (const wiki of wikis) {
    const texts = await Promise.all(pages.map(page => call(wiki, 'GET', `/pages/p${page}`)));
    expect(texts.map(({ body }) => body.content)).toEqual(pages.map(page => `${wiki} ${page}`));
  }
  const listed = await call('anna', 'GET', '/pages');
  expect(listed.body.total).toBe(26);
  expect((await service.wikis()).openCount()).toBe(1);
});

test('a wiki that was deleted for good and made anew has nothing of the one before', async () => {
  const { call, service, create } = await setUp();
  await call('', 'DELETE', '/tenants/bert');
  const { store } = service;
  await (await store()).delete(['wikis/bert']);
  const uuid = await create('bert');
  expect((await call('bert', 'GET', '/pages')).body.pages).toEqual([]);
  expect((await call('', 'GET', '/tenants/bert')).body.uuid).toBe(uuid);
});

test('who goes on with a wiki that is gone is told so, and then served the new one', async () => {
  const { call, service, folder, uuids } = await setUp();
  expect((await call('bert', 'GET', '/pages/Home')).status).toBe(200);
  // Another process removes the wiki and makes one of the same name.
  const elsewhere = await openManyWikis({ folder });
  const store = await service.store();
  await store.delete([`ledger/${uuids.bert}`, 'wikis/bert']);
  await elsewhere.create('bert', 'the new one');
  const gone = await call('bert', 'GET', '/pages/Home');
  expect([gone.status, gone.body.code]).toEqual([410, 'object_replaced']);
  expect((await call('bert', 'GET', '/pages/Home')).body.content).toBe('the new one');
});

import { expect, test } from 'vitest';
import { refusal } from '../http/harness.ts';
import { openManyWikis } from './many-wikis.ts';

test('two wikis of one server have pages of their own', async () => {
  const { create, call } = await openManyWikis();
  await create('anna', 'of Anna');
  await create('bert', 'of Bert');
  expect((await call('anna', 'GET', '/pages/Home')).body.content).toBe('of Anna');
  expect((await call('bert', 'GET', '/pages/Home')).body.content).toBe('of Bert');
});

test('an unknown name is 404, whoever asks', async () => {
  const { call } = await openManyWikis();
  expect(refusal(await call('nobody', 'GET', '/pages'))).toEqual([404, 'Wiki not found']);
  expect(
    refusal(await call('nobody', 'GET', '/pages', undefined, { authorization: 'Bearer wrong' })),
  ).toEqual([404, 'Wiki not found']);
});

test('the health of the server is told on any host', async () => {
  const { send } = await openManyWikis();
  for (const host of ['127.0.0.1:8080', 'nobody.wiki.example.org', 'elsewhere.test']) {
    const { status } = await send({ path: '/api/v1/health', headers: { host } });
    expect(status).toBe(200);
  }
});

test('a name is given once', async () => {
  const { create, call } = await openManyWikis();
  await create('anna');
  const again = await call('', 'POST', '/tenants', { name: 'anna' });
  expect([again.status, again.body.code]).toEqual([409, 'tenant_exists']);
});

test('a suspended wiki is refused until it is resumed', async () => {
  const { create, call } = await openManyWikis();
  await create('anna', 'text');
  await call('', 'PATCH', '/tenants/anna', { state: 'suspended' });
  expect(refusal(await call('anna', 'GET', '/pages/Home'))).toEqual([403, 'This wiki is suspended']);
  await call('', 'PATCH', '/tenants/anna', { state: 'active' });
  expect((await call('anna', 'GET', '/pages/Home')).status).toBe(200);
});

test('a deleted wiki is not found, and comes back as it was', async () => {
  const { create, call } = await openManyWikis();
  await create('anna', 'text');
  const deleted = await call('', 'DELETE', '/tenants/anna');
  expect(deleted.body).toMatchObject({ state: 'deleted' });
  expect((await call('anna', 'GET', '/pages/Home')).status).toBe(404);
  expect((await call('', 'POST', '/tenants', { name: 'anna' })).status).toBe(409);
  await call('', 'POST', '/tenants/anna/undelete');
  expect((await call('anna', 'GET', '/pages/Home')).body.content).toBe('text');
});

test('a wiki that was suspended when it was deleted is suspended when it comes back', async () => {
  const { create, call } = await openManyWikis();
  await create('anna');
  await call('', 'PATCH', '/tenants/anna', { state: 'suspended' });
  await call('', 'DELETE', '/tenants/anna');
  expect((await call('', 'POST', '/tenants/anna/undelete')).body.state).toBe('suspended');
});

test('wikis are listed by name, some at a time', async () => {
  const { create, call } = await openManyWikis();
  for (const name of ['cleo', 'anna', 'bert']) await create(name);
  const first = await call('', 'GET', '/tenants?limit=2');
  expect(first.body.tenants.map((tenant: { name: string }) => tenant.name)).toEqual(['anna', 'bert']);
  const rest = await call('', 'GET', `/tenants?limit=2&cursor=${first.body.next_cursor}`);
  expect(rest.body.tenants.map((tenant: { name: string }) => tenant.name)).toEqual(['cleo']);
  expect(rest.body.next_cursor).toBeUndefined();
});

test('what a wiki holds and may hold is told', async () => {
  const { call } = await openManyWikis();
  await call('', 'POST', '/tenants', { name: 'anna', limits: { pages: 5 } });
  await call('anna', 'PUT', '/pages/Home', { content: 'text' });
  const { usage } = (await call('', 'GET', '/tenants/anna')).body;
  expect(usage).toMatchObject({ pages: 1, limits: { pages: 5, bytes: 0 } });
  expect(usage.bytes).toBeGreaterThan(0);
});

test('a token made with a wiki administers that one', async () => {
  const { create, call } = await openManyWikis();
  await create('bert', 'of Bert');
  const { body } = await call('', 'POST', '/tenants', { name: 'anna', token: true });
  const headers = { authorization: `Bearer ${body.token}` };
  expect((await call('anna', 'GET', '/policy', undefined, headers)).status).toBe(200);
  expect((await call('bert', 'GET', '/pages/Home', undefined, headers)).status).toBe(403);
  expect((await call('', 'GET', '/tenants', undefined, headers)).status).toBe(403);
});

test.each([
  ['upper case', 'Anna'],
  ['a dot', 'a.b'],
  ['a hyphen first', '-anna'],
  ['a hyphen last', 'anna-'],
  ['nothing', ''],
  ['64 characters', 'a'.repeat(64)],
  ['a name of the server', 'www'],
  ['another name of the server', 'api'],
  ['IDNA', 'xn--bcher-kva'],
  ['the form of an identity', 'a'.repeat(32)],
  ['an umlaut', 'büro'],
  ['a slash', 'a/b'],
  ['dots', '..'],
])('a new wiki is not named by %s', async (_, name) => {
  const { call } = await openManyWikis();
  const { status, body } = await call('', 'POST', '/tenants', { name });
  expect([status, body.code]).toEqual([422, 'tenant_name_invalid']);
});

test.each([
  [{ name: 7 }],
  [{}],
  [{ name: 'anna', limits: { pages: 1.5 } }],
  [{ name: 'anna', limits: { pages: -1 } }],
  [{ name: 'anna', limits: 'many' }],
  [{ name: 'anna', note: 'x'.repeat(1001) }],
  [{ name: 'anna', token: 'yes' }],
])('%j makes no wiki', async body => {
  const { call } = await openManyWikis();
  expect((await call('', 'POST', '/tenants', body)).status).toBe(422);
  expect((await call('', 'GET', '/tenants')).body.tenants).toEqual([]);
});

test('only operators administer wikis', async () => {
  const { create, call } = await openManyWikis();
  await create('anna');
  for (const authorization of ['', 'Bearer wrong', `Bearer kw_${'a'.repeat(43)}`]) {
    const { status } = await call('', 'DELETE', '/tenants/anna', undefined, { authorization });
    expect([401, 403]).toContain(status);
  }
  expect((await call('', 'GET', '/tenants/anna')).body.state).toBe('active');
});

test('what is done to wikis is kept in the log of the server', async () => {
  const { create, call } = await openManyWikis();
  await create('anna');
  await call('', 'PATCH', '/tenants/anna', { state: 'suspended' });
  await call('', 'POST', '/tenants', { name: 'anna' });
  const { entries } = (await call('', 'GET', '/audit')).body;
  const told = entries.map((entry: Record<string, string>) => [entry.actor, entry.action, entry.outcome]);
  expect(told).toEqual([
    ['api-key', 'tenant.create', 'failed'],
    ['api-key', 'tenant.suspend', 'done'],
    ['api-key', 'tenant.create', 'done'],
  ]);
  expect((await call('', 'GET', '/audit', undefined, { authorization: '' })).status).toBe(401);
});

test('the log of the server is none of who administers all wikis by a token', async () => {
  const { create, call } = await openManyWikis();
  await create('anna');
  const wish = { name: 'All', rights: ['admin'], all_wikis: true };
  const { token } = (await call('anna', 'POST', '/tokens', wish)).body;
  const headers = { authorization: `Bearer ${token}` };
  expect((await call('anna', 'GET', '/audit', undefined, headers)).status).toBe(200);
  const { status, body } = await call('', 'GET', '/audit', undefined, headers);
  expect([status, body.code, body.entries]).toEqual([403, 'forbidden', undefined]);
});

test('a server of one wiki has no others', async () => {
  const { call } = await openManyWikis({ env: { KITTIWAKE_TENANTS: '' } });
  const { status, body } = await call('', 'GET', '/tenants');
  expect([status, body.code]).toEqual([404, 'tenants_off']);
});

test('the log says which wiki a request was for', async () => {
  const { create, call, lines } = await openManyWikis();
  await create('anna', 'text');
  await call('anna', 'GET', '/pages/Home');
  expect(lines.at(-1)).toMatchObject({ event: 'request', wiki: 'anna', route: 'readPage' });
});

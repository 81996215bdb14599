import { describe, expect, it } from 'vitest';
import { KEY, openWiki } from './harness.ts';

const ANNA = { name: 'Anna', email: 'anna@example.org' };
const BERT = { name: 'Bert', email: 'bert@example.org' };
const PASSWORD = 'correct horse';
const ID = '0'.repeat(32);

function basic(email: string, password = PASSWORD) {
  return { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` };
}

describe('users over HTTP', () => {
  it('are made, read, listed, changed and deleted', async () => {
    const { call } = await openWiki();
    const made = await call('POST', '/users', { ...ANNA, password: PASSWORD, allow: ['write'] });
    expect(made).toMatchObject({ status: 201, headers: { etag: '"1"', 'cache-control': 'no-store' } });
    const { id, first_seen, ...rest } = made.body;
    expect(rest).toEqual({
      ...ANNA,
      email_confirmed: true,
      has_password: true,
      approved: true,
      admin: true,
      allow: ['write'],
      last_seen: null,
      locked: null,
    });
    expect(Date.parse(first_seen)).toBeGreaterThan(0);
    expect((await call('GET', `/users/${id}`)).body).toEqual(made.body);
    const { body: bert } = await call('POST', '/users', { ...BERT, approved: false });
    const changed = await call('PATCH', `/users/${bert.id}`, { approved: true, locked: true });
    expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { approved: true } });
    expect(Date.parse(changed.body.locked)).toBeGreaterThan(0);
    const listed = await call('GET', '/users?limit=1');
    expect(listed.body.users).toEqual([made.body]);
    const { body: second } = await call('GET', `/users?limit=1&cursor=${listed.body.next_cursor}`);
    expect(second).toEqual({ users: [changed.body] });
    expect((await call('DELETE', `/users/${bert.id}`)).body).toEqual({ deleted: true, id: bert.id });
    expect((await call('DELETE', `/users/${bert.id}`)).status).toBe(404);
  });

  it('come in with e-mail and password, and write in their own name', async () => {
    const { call } = await openWiki();
    await call('POST', '/users', ANNA);
    const { body } = await call('POST', '/users', { ...BERT, generate_password: true });
    const headers = basic('BERT@example.org', body.password);
    expect((await call('PUT', '/pages/Home', { content: 'x' }, headers)).status).toBe(201);
    expect((await call('GET', '/pages/home', undefined, headers)).body.last_commit.author).toBe('Bert');
    expect((await call('GET', '/me', undefined, headers)).body).toMatchObject({
      id: `user:${body.id}`,
      standing: 'approved',
      names: ['user:bert@example.org'],
    });
    expect((await call('GET', '/me', undefined, basic(BERT.email, 'wrong one'))).status).toBe(401);
    await call('POST', `/users/${body.id}/password`, { remove_password: true });
    expect((await call('GET', '/me', undefined, headers)).status).toBe(401);
  });

  it('who are locked or deleted are out, and so are their tokens; unlocked they are in again', async () => {
    const { call } = await openWiki();
    await call('PUT', '/pages/Home', { content: 'x' });
    await call('POST', '/users', ANNA);
    const { body: bert } = await call('POST', '/users', { ...BERT, password: PASSWORD });
    const wish = { name: 'script', rights: ['write'] };
    const { body: token } = await call('POST', '/tokens', wish, basic(BERT.email));
    const bearer = { authorization: `Bearer ${token.token}` };
    const statuses = async () => [
      (await call('GET', '/pages/Home', undefined, bearer)).status,
      (await call('GET', '/pages/Home', undefined, basic(BERT.email))).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    await call('PATCH', `/users/${bert.id}`, { locked: true });
    expect(await statuses()).toEqual([401, 401]);
    await call('PATCH', `/users/${bert.id}`, { locked: false });
    expect(await statuses()).toEqual([200, 200]);
    await call('PATCH', `/users/${bert.id}`, { approved: false });
    expect(await statuses()).toEqual([404, 404]);
    await call('PATCH', `/users/${bert.id}`, { approved: true });
    expect(await statuses()).toEqual([200, 200]);
    await call('DELETE', `/users/${bert.id}`);
    expect(await statuses()).toEqual([401, 401]);
  });

  it('change their own name and password, with the one before', async () => {
    const { call } = await openWiki();
    await call('POST', '/users', { ...ANNA, password: PASSWORD });
    const change = { name: 'Anna Lena', password: 'another one' };
    const patch = (body: object) => call('PATCH', '/me', body, basic(ANNA.email));
    expect(await patch(change)).toMatchObject({ status: 422, body: { code: 'body_invalid' } });
    const wrong = await patch({ ...change, current_password: 'not this one' });
    expect(wrong).toMatchObject({ status: 403, body: { code: 'password_wrong' } });
    const more = await patch({ ...change, current_password: PASSWORD, admin: false });
    expect(more).toMatchObject({ status: 422, body: { code: 'body_invalid' } });
    const right = await patch({ ...change, current_password: PASSWORD });
    expect(right).toMatchObject({ status: 200, body: { name: 'Anna Lena', admin: true } });
    expect((await call('GET', '/me', undefined, basic(ANNA.email, 'another one'))).status).toBe(200);
    const key = await call('PATCH', '/me', { name: 'Eve' });
    expect(key).toMatchObject({ status: 403, body: { code: 'user_required' } });
  });

  it('who do not administer change nobody, and see neither users nor the log', async () => {
    const { call } = await openWiki({ READ_ACCESS: 'ANONYMOUS', WRITE_ACCESS: 'ANONYMOUS' });
    const { body: anna } = await call('POST', '/users', ANNA);
    const { body: bert } = await call('POST', '/users', {
      ...BERT,
      password: PASSWORD,
      allow: ['read', 'write', 'upload'],
    });
    const calls: [string, string, object?][] = [
      ['GET', '/users'],
      ['GET', `/users/${bert.id}`],
      ['POST', '/users', { name: 'Eve', email: 'eve@example.org', admin: true }],
      ['PATCH', `/users/${bert.id}`, { admin: true }],
      ['POST', `/users/${anna.id}/password`, { password: PASSWORD }],
      ['DELETE', `/users/${anna.id}`],
      ['GET', '/audit'],
    ];
    for (const [method, path, body] of calls) {
      expect([path, (await call(method, path, body, basic(BERT.email))).status]).toEqual([path, 403]);
      expect([path, (await call(method, path, body, { authorization: '' })).status]).toEqual([path, 401]);
    }
    expect((await call('GET', `/users/${bert.id}`)).body).toMatchObject({ admin: false });
    expect((await call('GET', '/users')).body.users).toHaveLength(2);
  });

  it.each(['id', 'user_id', 'is_admin', 'password_hash', 'lock'])(
    'have no field "%s" to change',
    async field => {
      const { call } = await openWiki();
      await call('POST', '/users', ANNA);
      const { body: bert } = await call('POST', '/users', BERT);
      const { status, body } = await call('PATCH', `/users/${bert.id}`, { [field]: true, name: 'Robert' });
      expect([status, body.error]).toEqual([422, expect.stringContaining(`an unknown field '${field}'`)]);
      expect((await call('GET', `/users/${bert.id}`)).body).toEqual(bert);
    },
  );

  it.each([
    ['POST', '/users', undefined, 422, 'body_invalid'],
    ['POST', '/users', {}, 422, 'body_invalid'],
    ['POST', '/users', { name: 'Eve' }, 422, 'body_invalid'],
    ['POST', '/users', { name: 'Eve', email: 1 }, 422, 'body_invalid'],
    ['POST', '/users', { name: 'Eve', email: 'eve' }, 422, 'user_invalid'],
    ['POST', '/users', { name: 'x'.repeat(51), email: 'e@example.org' }, 422, 'user_invalid'],
    ['POST', '/users', { name: 'Eve', email: 'ANNA@example.org' }, 409, 'user_exists'],
    ['POST', '/users', { name: 'Eve', email: 'e@example.org', password: 'short' }, 422, 'password_invalid'],
    ['POST', '/users', { name: 'Eve', email: 'e@example.org', password_hash: 'x' }, 422, 'password_invalid'],
    ['POST', '/users', { name: 'Eve', email: 'e@example.org', allow: ['admin'] }, 422, 'body_invalid'],
    ['POST', '/users', { name: 'Eve', email: 'e@example.org', allow: 'read' }, 422, 'body_invalid'],
    ['POST', '/users', { name: 'Eve', email: 'e@example.org', admin: 'yes' }, 422, 'body_invalid'],
    ['PATCH', `/users/${ID}`, { name: 'Eve' }, 404, 'user_not_found'],
    ['PATCH', '/users/..%2fx', { name: 'Eve' }, 404, 'user_not_found'],
    ['PATCH', `/users/${ID}`, {}, 422, 'body_invalid'],
    ['PATCH', `/users/${ID}`, { locked: 1 }, 422, 'body_invalid'],
    ['GET', `/users/${ID}`, undefined, 404, 'user_not_found'],
    ['GET', '/users?cursor=x', undefined, 422, 'cursor_invalid'],
    ['GET', '/audit?cursor=x', undefined, 422, 'cursor_invalid'],
    ['DELETE', `/users/${ID}`, undefined, 404, 'user_not_found'],
    ['POST', `/users/${ID}/password`, { password: PASSWORD }, 404, 'user_not_found'],
    ['POST', `/users/${ID}/password`, { generate_password: false }, 422, 'body_invalid'],
    ['POST', `/users/${ID}/password`, { password: PASSWORD, remove_password: true }, 422, 'body_invalid'],
  ])('refuse bad input: %s %s %j', async (method, path, body, status, code) => {
    const { call } = await openWiki();
    await call('POST', '/users', ANNA);
    const answer = await call(method, path, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect((await call('GET', '/users')).body.users).toHaveLength(1);
  });

  it('are changed as they were read', async () => {
    const { call } = await openWiki();
    const { body } = await call('POST', '/users', ANNA);
    const path = `/users/${body.id}`;
    expect((await call('PATCH', path, { name: 'Hanna' }, { 'if-match': '"1"' })).status).toBe(200);
    for (const stale of ['"1"', 'W/"1"', '"x"', 'x']) {
      expect((await call('PATCH', path, { name: 'Eve' }, { 'if-match': stale })).status).toBe(412);
      expect((await call('DELETE', path, undefined, { 'if-match': stale })).status).toBe(412);
    }
    expect((await call('PATCH', path, { name: 'Anna' }, { 'if-match': '*' })).status).toBe(200);
  });

  it('are told apart from what their secrets are, in the log of changes and in that of requests', async () => {
    const { call, lines } = await openWiki();
    const { body: anna } = await call('POST', '/users', { ...ANNA, password: PASSWORD });
    const hash = 'sha256$Ab3dEf9h$c5fc067f328c67f221a017da2cb044fa617cfc6185891117e3780b2797a85941';
    await call('POST', `/users/${anna.id}/password`, { password_hash: hash });
    const { body: again } = await call('POST', `/users/${anna.id}/password`, { generate_password: true });
    const { body } = await call('GET', '/audit?action=user.');
    expect(body.entries.map(({ action, detail }: never) => [action, detail])).toEqual([
      ['user.password', { how: 'generated' }],
      ['user.password', { how: 'hash' }],
      ['user.create', { email: ANNA.email, admin: true, approved: true, allow: [] }],
    ]);
    const said = JSON.stringify([body, lines]);
    for (const secret of [PASSWORD, hash, again.password, KEY]) expect(said).not.toContain(secret);
  });

  it('and tokens and rules leave their entries of the log with who made them', async () => {
    const { call } = await openWiki();
    await call('POST', '/users', { ...ANNA, password: PASSWORD });
    const headers = basic(ANNA.email);
    await call('POST', '/tokens', { name: 'script', rights: ['read'] }, headers);
    await call('PUT', '/policy/rules/docs', { write: ['ADMIN'] }, headers);
    const { body } = await call('GET', '/audit', undefined, headers);
    const { id } = (await call('GET', '/users')).body.users[0];
    expect(body.entries).toMatchObject([
      { actor: `user:${id}`, outcome: 'done' },
      { actor: `user:${id}`, action: 'token.create', outcome: 'done' },
      { actor: 'api-key', action: 'user.create', outcome: 'done' },
    ]);
    const { body: own } = await call('GET', '/audit?actor=api-key');
    expect(own.entries).toHaveLength(1);
  });

  it('are of no concern to callers by a password where there are none', async () => {
    const { call, service } = await openWiki();
    expect((await call('GET', '/me', undefined, basic(ANNA.email))).status).toBe(401);
    expect(await (await service.state()).exists()).toBe(false);
  });
});

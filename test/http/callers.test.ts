import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startIssuer } from '../auth/jwt/issuer.ts';
import { KEY, openWiki, refusal } from './harness.ts';

const NONE = { authorization: '' };
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const PROXY = { KITTIWAKE_AUTH_METHOD: 'PROXY_HEADER' };
const ann = (roles: string) => ({
  ...NONE,
  'x-otterwiki-name': 'Ann',
  'x-otterwiki-email': 'Ann@example.org',
  'x-otterwiki-permissions': roles,
});

describe('the shared key', () => {
  test('and the one before are both accepted, in whichever form', async () => {
    for (const env of [
      { KITTIWAKE_API_KEY: 'new', KITTIWAKE_API_KEY_PREVIOUS: 'old' },
      { KITTIWAKE_API_KEY: '', KITTIWAKE_API_KEY_SHA256: sha256('new'), KITTIWAKE_API_KEY_PREVIOUS: 'old' },
      { KITTIWAKE_API_KEY: 'new', KITTIWAKE_API_KEY_PREVIOUS_SHA256: sha256('old') },
    ]) {
      const { call } = await openWiki(env);
      const status = async (text: string) => (await call('GET', '/pages', undefined, bearer(text))).status;
      expect([await status('new'), await status('old')]).toEqual([200, 200]);
      for (const wrong of ['', 'older', sha256('new'), sha256('old')]) expect(await status(wrong)).toBe(401);
    }
  });

  test('is counted by nobody as a guess, however many others guess', async () => {
    const { call } = await openWiki();
    const guess = (number: number) => call('GET', '/pages', undefined, bearer(`guess-${number}`));
    const statuses: number[] = [];
    for (let number = 0; number < 70; number += 1) statuses.push((await guess(number)).status);
    expect([statuses.filter(each => each === 401).length, statuses.at(-1)]).toEqual([60, 429]);
    const late = await guess(70);
    const seconds = Number(late.headers['retry-after']);
    expect(seconds).toBeGreaterThanOrEqual(1);
    const error = `Rate limit exceeded, try again in ${seconds} s`;
    expect(late.body).toMatchObject({ code: 'rate_limited', error });
    expect((await call('GET', '/pages')).status).toBe(200);
  });
});

describe('a caller who does not say who he is', () => {
  test('reads what is open to everybody, and writes nothing', async () => {
    const { call, write } = await openWiki({ KITTIWAKE_READ_ACCESS: 'ANONYMOUS' });
    await write('a', 'x');
    expect((await call('GET', '/pages/a', undefined, NONE)).body.content).toBe('x');
    const put = await call('PUT', '/pages/a', { content: 7 }, NONE);
    expect(refusal(put)).toEqual([401, 'Missing or invalid Authorization header']);
    expect((await call('GET', '/pages/a', undefined, NONE)).headers['server-timing']).toBeUndefined();
    expect((await call('GET', '/pages/a', undefined, bearer('wrong'))).status).toBe(401);
  });

  test('is asked who he is where a rule shuts him out', async () => {
    const { call, write } = await openWiki({
      KITTIWAKE_READ_ACCESS: 'ANONYMOUS',
      KITTIWAKE_WRITE_ACCESS: 'ANONYMOUS',
    });
    await write('secret/a', 'x');
    const rule = { read: ['REGISTERED'], write: ['APPROVED'] };
    expect((await call('PUT', '/policy/rules/secret', rule)).status).toBeLessThan(300);
    expect((await call('PUT', '/pages/open', { content: 'x' }, NONE)).status).toBe(201);
    expect((await call('PUT', '/pages/secret/b', { content: 'x' }, NONE)).status).toBe(401);
    expect((await call('GET', '/pages/secret/a', undefined, NONE)).status).toBe(404);
  });

  test('gets no token, no administration and no database', async () => {
    const open = { KITTIWAKE_READ_ACCESS: 'ANONYMOUS', KITTIWAKE_WRITE_ACCESS: 'ANONYMOUS' };
    const { call, service } = await openWiki(open);
    expect((await call('PUT', '/pages/a', { content: 'x' }, NONE)).status).toBe(201);
    for (const [method, path] of [
      ['POST', '/tokens'],
      ['GET', '/tokens'],
      ['GET', '/policy'],
      ['GET', '/audit'],
      ['POST', '/users'],
    ] as const) {
      const { status, body } = await call(method, path, {}, NONE);
      expect([path, status, body.code]).toEqual([path, 401, 'auth_missing']);
    }
    const basic = `Basic ${Buffer.from('ann@example.org:password').toString('base64')}`;
    const { status } = await call('GET', '/pages', undefined, { authorization: basic });
    expect(status).toBe(401);
    const { objects } = await (await service.store()).list('state/');
    expect(objects).toEqual([]);
  });
});

describe('a password that stands for itself', () => {
  const basic = (name: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
  });

  test('is the key or a token, whatever the user is called, as long as it is good', async () => {
    const { call } = await openWiki();
    const made = (await call('POST', '/tokens', { name: 'Git', rights: ['read'] })).body;
    for (const name of ['', 'git', 'ann@example.org', 'ключ']) {
      expect((await call('PUT', '/pages/a', { content: name }, basic(name, KEY))).status).toBeLessThan(500);
      expect((await call('GET', '/pages', undefined, basic(name, made.token))).status).toBe(200);
      expect((await call('PUT', '/pages/b', { content: 'x' }, basic(name, made.token))).status).toBe(403);
    }
    expect((await call('GET', '/me', undefined, basic('git', KEY))).body.id).toBe('api-key');
    await call('DELETE', `/tokens/${made.id}`);
    const ended = await call('GET', '/pages', undefined, basic('git', made.token));
    expect(refusal(ended)).toEqual([401, 'This token was revoked']);
  });

  test('is limited like other guesses, and a page of another site cannot use it', async () => {
    const { call } = await openWiki();
    const crossSite = { ...basic('git', KEY), 'sec-fetch-site': 'cross-site' };
    expect((await call('PUT', '/pages/a', { content: 'x' }, crossSite)).body.code).toBe('cross_site');
    const statuses: number[] = [];
    for (let guess = 0; guess < 70; guess += 1)
      statuses.push((await call('GET', '/pages', undefined, basic(`git-${guess}`, `guess-${guess}`))).status);
    expect([statuses.filter(each => each === 401).length, statuses.at(-1)]).toEqual([60, 429]);
    expect((await call('GET', '/pages', undefined, basic('git', KEY))).status).toBe(200);
  });

  test('is a JWT, where there is an issuer', async () => {
    const issuer = await startIssuer();
    const { call } = await openWiki({ KITTIWAKE_JWT_ISSUER: issuer.url, KITTIWAKE_JWT_AUDIENCE: 'wiki' });
    const me = await call('GET', '/me', undefined, basic('git', issuer.token({ sub: 'ann' })));
    expect(me.body.id).toBe('jwt:ann');
    const refused = await call('GET', '/me', undefined, basic('git', issuer.token({ aud: 'shop' })));
    expect(refusal(refused)).toEqual([401, 'Invalid JWT']);
  });

  test('is a token behind a proxy, too, where others are the business of the proxy', async () => {
    const { call } = await openWiki(PROXY);
    const { token } = (await call('POST', '/tokens', { name: 'Git', rights: ['read'] })).body;
    const me = async (password: string) =>
      (await call('GET', '/me', undefined, { ...ann('READ'), ...basic('git', password) })).body.id;
    expect(await me(token)).toMatch(/^token:/);
    expect([await me('secret'), await me(KEY)]).toEqual(['proxy:ann@example.org', 'proxy:ann@example.org']);
  });
});

describe('a proxy in front', () => {
  test('tells who is calling, and what may be done', async () => {
    const { call, service } = await openWiki(PROXY);
    expect((await call('PUT', '/pages/a', { content: 'x' }, ann('READ WRITE'))).status).toBe(201);
    const view = await (await service.repository()).view();
    expect((await view.commit(view.head ?? ''))?.author).toMatchObject({
      name: 'Ann',
      email: 'Ann@example.org',
    });
    expect((await call('GET', '/pages/a', undefined, ann('READ'))).status).toBe(200);
    expect((await call('PUT', '/pages/b', { content: 'x' }, ann('READ'))).status).toBe(403);
    // Writing counts only with reading.
    expect((await call('PUT', '/pages/b', { content: 'x' }, ann('WRITE'))).status).toBe(403);
    expect((await call('GET', '/pages')).status).toBe(200);
  });

  test.each<[string, Record<string, string>]>([
    ['no name', { 'x-otterwiki-name': '' }],
    ['no address', { 'x-otterwiki-email': '' }],
    [
      'two addresses, one of which the caller has sent',
      { 'x-otterwiki-email': 'a@example.org, b@example.org' },
    ],
    ['an address with a line break', { 'x-otterwiki-email': 'a@example.org\n' + 'x: y' }],
    ['no address of that form', { 'x-otterwiki-email': 'boss' }],
    ['a name that would end a commit’s author', { 'x-otterwiki-name': 'Ann <boss@example.org>' }],
    ['a long name', { 'x-otterwiki-name': 'x'.repeat(101) }],
  ])('with %s the caller may do nothing, also where all is open', async (_, headers) => {
    const { call } = await openWiki({ ...PROXY, KITTIWAKE_READ_ACCESS: 'ANONYMOUS' });
    const { status } = await call('GET', '/pages', undefined, { ...ann('READ ADMIN'), ...headers });
    expect(status).toBe(401);
  });

  test('that has a secret is believed only with it, now and after it was replaced', async () => {
    const { call } = await openWiki({
      ...PROXY,
      KITTIWAKE_ORIGIN_SECRET: 'secret-of-the-proxy-new',
      KITTIWAKE_ORIGIN_SECRET_PREVIOUS: 'secret-of-the-proxy-old',
    });
    const status = async (secret: Record<string, string>) =>
      (await call('GET', '/pages', undefined, { ...ann('READ'), ...secret })).status;
    const sent = (secret: string) => ({ 'x-kittiwake-origin': secret });
    expect(await status(sent('secret-of-the-proxy-new'))).toBe(200);
    expect(await status(sent('secret-of-the-proxy-old'))).toBe(200);
    for (const spoofed of [{}, sent(''), sent('secret'), sent('undefined')]) {
      expect(await status(spoofed)).toBe(401);
    }
    expect((await call('GET', '/pages', undefined, bearer(KEY))).status).toBe(200);
  });

  test('stands for nobody in what the page of another site sends', async () => {
    const { call } = await openWiki(PROXY);
    const attach = (headers: Record<string, string>) =>
      call('POST', '/pages/Home/attachments?filename=a.txt', Buffer.from('x'), {
        'content-type': 'text/plain',
        ...headers,
      });
    await call('PUT', '/pages/Home', { content: 'x' });
    const home = ann('READ WRITE UPLOAD');
    for (const site of ['cross-site', 'same-site']) {
      const { status, body } = await attach({ ...home, 'sec-fetch-site': site });
      expect([status, body.code]).toEqual([403, 'cross_site']);
      expect((await call('GET', '/pages', undefined, { ...home, 'sec-fetch-site': site })).status).toBe(200);
    }
    for (const site of [{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }]) {
      expect((await attach({ ...home, ...site })).status).toBe(201);
    }
    expect((await attach({ ...bearer(KEY), 'sec-fetch-site': 'cross-site' })).status).toBe(201);
  });

  test('is not believed where none is configured', async () => {
    const { call } = await openWiki();
    expect((await call('GET', '/pages', undefined, ann('ADMIN'))).status).toBe(401);
  });

  test('sends names in UTF-8, which Node hands on as Latin-1', async () => {
    const { call } = await openWiki(PROXY);
    const name = Buffer.from('Zoë Müller').toString('latin1');
    const headers = { ...ann('READ WRITE'), 'x-otterwiki-name': name };
    await call('PUT', '/pages/a', { content: 'x' }, headers);
    expect((await call('GET', '/pages/a')).body.last_commit.author).toBe('Zoë Müller');
  });
});

describe('a JWT over HTTP', () => {
  test('lets its holder in; without the keys of the issuer the answer is 503', async () => {
    const issuer = await startIssuer();
    const env = { KITTIWAKE_JWT_ISSUER: issuer.url, KITTIWAKE_JWT_AUDIENCE: 'wiki' };
    const { call } = await openWiki(env);
    const token = issuer.token({ groups: ['READ', 'WRITE'], name: 'Ann', email: 'ann@example.org' });
    expect((await call('PUT', '/pages/a', { content: 'x' }, bearer(token))).status).toBe(201);
    expect((await call('GET', '/pages/a')).body.last_commit.author).toBe('Ann');
    expect((await call('GET', '/pages', undefined, bearer(issuer.token()))).body.total ?? 0).toBe(0);
    const other = await openWiki(env);
    issuer.mode = 'fails';
    const { status, headers, body } = await other.call('GET', '/pages', undefined, bearer(token));
    expect([status, body.code]).toEqual([503, 'keys_unavailable']);
    expect(Number(headers['retry-after'])).toBe(5);
    expect(body.error).not.toContain(issuer.url);
  });
});

describe('limits', () => {
  test('count the reads and the writes of each caller', async () => {
    const { call } = await openWiki({ KITTIWAKE_RATE_LIMIT_READS: '3', KITTIWAKE_RATE_LIMIT_WRITES: '2' });
    const { token } = (await call('POST', '/tokens', { name: 'T', rights: ['write'] })).body;
    expect((await call('PUT', '/pages/a', { content: 'x' })).status).toBe(201);
    const { status, headers } = await call('DELETE', '/pages/a');
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await call('GET', '/pages/a')).status).toBe(200);
    const other = bearer(token);
    for (const wanted of [200, 200, 200, 429]) {
      expect((await call('GET', '/pages/a', undefined, other)).status).toBe(wanted);
    }
    expect((await call('GET', '/health')).status).toBe(200);
  });

  test('count the tokens of a user as the user, who can make as many as it likes', async () => {
    const { call } = await openWiki({ KITTIWAKE_RATE_LIMIT_READS: '2' });
    const [email, password] = ['ann@example.org', 'correct horse'];
    await call('POST', '/users', { name: 'Ann', email, password });
    const ann = { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` };
    const made = async () => (await call('POST', '/tokens', { name: 'T', rights: ['read'] }, ann)).body.token;
    const statuses: number[] = [];
    for (const token of [await made(), await made(), await made()]) {
      statuses.push((await call('GET', '/me', undefined, bearer(token))).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe('a user with a password', () => {
  const basic = (email: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`,
  });

  test('comes in by it, and by tokens of its own until it is locked', async () => {
    const { call } = await openWiki();
    const password = 'correct: horse';
    await call('POST', '/users', { name: 'Admin', email: 'admin@example.org' });
    const made = await call('POST', '/users', { name: 'Ann', email: 'ann@example.org', password });
    expect([made.status, made.body.error]).toEqual([201, undefined]);
    const ann = basic('Ann@example.org', password);
    expect((await call('PUT', '/pages/a', { content: 'x' }, ann)).status).toBe(201);
    expect((await call('GET', '/pages/a')).body.last_commit.author).toBe('Ann');
    const { token } = (await call('POST', '/tokens', { name: 'T', rights: ['read'] }, ann)).body;
    expect((await call('GET', '/pages/a', undefined, bearer(token))).status).toBe(200);
    for (const header of ['Basic', 'Basic !', basic('', '').authorization]) {
      expect((await call('GET', '/pages/a', undefined, { authorization: header })).status).toBe(401);
    }
    const wrong = basic('ann@example.org', 'wrong horse');
    const guess = await call('GET', '/pages/a', undefined, wrong);
    expect(refusal(guess)).toEqual([401, 'Invalid token, key, or e-mail address and password']);
    expect((await call('PATCH', `/users/${made.body.id}`, { locked: true })).status).toBe(200);
    expect((await call('GET', '/pages/a', undefined, bearer(token))).body.error).toMatch(/owner/);
  });
});

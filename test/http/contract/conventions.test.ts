import { describe, expect, test } from 'vitest';
import { openWiki, refusal } from '../harness.ts';

/** Contract sections 0, 1 and 4. */

describe('conventions (0)', () => {
  test('JSON out, with one newline at the end', async () => {
    const { service, call } = await openWiki();
    const { headers } = await call('GET', '/changelog');
    expect(headers['content-type']).toBe('application/json');
    const raw = await service.app.handle({
      method: 'GET',
      path: '/api/v1/health',
      query: '',
      headers: {},
      body: Buffer.alloc(0),
    });
    expect(String(raw.body)).toBe('{"status":"ok"}\n');
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/merge-patch+json',
  ])('a body of type %s is read', async type => {
    const { call } = await openWiki();
    const { status } = await call('PUT', '/pages/a', { content: 'x' }, { 'content-type': type });
    expect(status).toBe(201);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'text/json', ''])(
    'a body of type "%s" counts as none',
    async type => {
      const { call } = await openWiki();
      const answer = await call('PUT', '/pages/a', { content: 'x' }, { 'content-type': type });
      expect(refusal(answer)).toEqual([422, "Request body must include 'content' field"]);
    },
  );

  test('revisions are 40 lower-case hex digits and dates have seconds and an offset', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    const { body } = await call('GET', '/pages/a');
    expect(body.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(body.last_commit.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
  });

  test('unknown routes and wrong methods answer JSON', async () => {
    const { call } = await openWiki();
    expect((await call('GET', '/nothing')).body).toMatchObject({
      code: 'route_not_found',
      error: expect.any(String),
    });
    const wrong = await call('POST', '/pages/a');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.allow).toBe('DELETE, GET, HEAD, PATCH, PUT');
  });

  test('path parameters are percent-decoded once', async () => {
    const { call } = await openWiki();
    const { body } = await call('PUT', '/pages/100%25%2541', { content: 'x' });
    expect(body.path).toBe('100%%41');
    expect((await call('GET', '/pages/100%25%2541')).status).toBe(200);
    expect((await call('GET', '/pages/100%25A')).status).toBe(404);
  });
});

describe('authentication (1)', () => {
  test('health needs none', async () => {
    const { call } = await openWiki();
    const { status, body } = await call('GET', '/health', undefined, { authorization: '' });
    expect([status, body]).toEqual([200, { status: 'ok' }]);
  });

  test.each(['', 'bearer test-key', 'Basic test-key', 'test-key', 'Bearer'])(
    'the header "%s" is missing or invalid',
    async authorization => {
      const { call } = await openWiki();
      const answer = await call('GET', '/pages', undefined, { authorization });
      expect(refusal(answer)).toEqual([401, 'Missing or invalid Authorization header']);
    },
  );

  test('a wrong key', async () => {
    const { call } = await openWiki();
    const answer = await call('GET', '/pages', undefined, { authorization: 'Bearer wrong' });
    expect(refusal(answer)).toEqual([401, 'Invalid API key']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  test('a server without a key', async () => {
    const { call } = await openWiki({ KITTIWAKE_API_KEY: '' });
    expect(refusal(await call('GET', '/pages'))).toEqual([500, 'API key not configured on server']);
    expect((await call('GET', '/health')).status).toBe(200);
  });

  test('comes before validation and before what is not found, but not before unknown routes', async () => {
    const { call, head } = await openWiki();
    const no = { authorization: 'Bearer no' };
    expect((await call('GET', '/pages/absent', undefined, no)).status).toBe(401);
    expect((await call('PUT', '/pages/a', { content: 1 }, no)).status).toBe(401);
    expect((await call('PUT', '/pages/%ff', { content: 'x' }, no)).status).toBe(401);
    expect((await call('GET', '/nothing', undefined, no)).status).toBe(404);
    expect(await head()).toBeUndefined();
  });

  test('commits name the author of the settings', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    expect((await call('GET', '/pages/a')).body.last_commit.author).toBe('Kittiwake');
    const other = await openWiki({
      OTTERWIKI_API_AUTHOR_NAME: 'Ann',
      OTTERWIKI_API_AUTHOR_EMAIL: 'ann@example.org',
    });
    await other.write('a', 'x');
    expect((await other.call('GET', '/pages/a')).body.last_commit.author).toBe('Ann');
    const view = await (await other.service.repository()).view();
    expect((await view.commit(view.head ?? ''))?.author.email).toBe('ann@example.org');
  });
});

import { describe, expect, test } from 'vitest';
import { hookHash } from '../../src/remote/pull-hook.ts';
import { DOMAIN, KEY, openManyWikis } from './many-wikis.ts';

const SECRET = 'canary-of-bert';
const HOOKS = 'a-secret-of-sixteen-characters';
const REMOTE = 'https://git.example.org/bert.git';
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_notes', arguments: {} } };

/** What clients other than the API's ask: a method, a path below the wiki's, a body. */
const ASKED = [
  ['POST', '/mcp', JSON.stringify(LIST)],
  ['GET', '/.git/info/refs?service=git-upload-pack', ''],
  ['POST', '/.git/git-upload-pack', '0014command=ls-refs\n0000'],
  ['POST', '/.git/git-receive-pack', '0000'],
] as const;

/** Anna's wiki and Bert's, and a token of Anna's. */
async function setUp(tenants: string) {
  const many = await openManyWikis({
    env: { KITTIWAKE_TENANTS: tenants, KITTIWAKE_MAIL_SECRET: HOOKS, KITTIWAKE_URL: `https://${DOMAIN}` },
  });
  const made = await many.call('', 'POST', '/tenants', { name: 'anna', token: true });
  await many.create('bert', SECRET);
  async function ask(wiki: string, method: string, path: string, body = '', key: string = KEY) {
    const isByPath = tenants.startsWith('path:');
    const [bare = '', query = ''] = path.split('?');
    const { status, body: answer } = await many.service.app.handle({
      method,
      path: isByPath ? `/w/${wiki}${bare}` : bare,
      query,
      headers: {
        host: isByPath ? DOMAIN : `${wiki}.${DOMAIN}`,
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'git-protocol': 'version=2',
      },
      body: Buffer.from(body),
    });
    const parts: Uint8Array[] = [];
    if (typeof answer === 'string' || answer instanceof Uint8Array) parts.push(Buffer.from(answer));
    else for await (const part of answer) parts.push(part);
    return { status, text: Buffer.concat(parts).toString('latin1') };
  }
  return { ...many, ask, anna: made.body.token as string };
}

describe.each([`host:${DOMAIN}`, 'path:/w'])('with %s', tenants => {
  test('git and language models reach the wiki that is asked for, with its tokens alone', async () => {
    const { ask, anna } = await setUp(tenants);
    for (const [method, path, body] of ASKED) {
      expect([path, (await ask('anna', method, path, body, anna)).status]).toEqual([path, 200]);
      const other = await ask('bert', method, path, body, anna);
      expect([path, other.status]).toEqual([path, 403]);
      expect(other.text).toMatch(/does not match this wiki/);
    }
    expect((await ask('bert', 'POST', '/mcp', JSON.stringify(LIST))).text).toContain('Home');
    expect((await ask('anna', 'POST', '/mcp', JSON.stringify(LIST))).text).not.toContain('Home');
  });

  test('nothing of a wiki that is suspended, deleted or absent is served', async () => {
    const { ask, call } = await setUp(tenants);
    const statuses = () =>
      Promise.all(ASKED.map(async ([method, path, body]) => (await ask('bert', method, path, body)).status));
    await call('', 'PATCH', '/tenants/bert', { state: 'suspended' });
    expect(await statuses()).toEqual(ASKED.map(() => 403));
    await call('', 'PATCH', '/tenants/bert', { state: 'active' });
    expect(await statuses()).toEqual(ASKED.map(() => 200));
    await call('', 'DELETE', '/tenants/bert');
    expect(await statuses()).toEqual(ASKED.map(() => 404));
    for (const [method, path, body] of ASKED)
      expect((await ask('nobody', method, path, body)).status).toBe(404);
  });

  test('the webhook of a remote is that of its wiki', async () => {
    const { ask, call } = await setUp(tenants);
    const made = await call('bert', 'POST', '/remotes', { name: 'origin', url: REMOTE, webhook: true });
    expect(made.status).toBe(201);
    const hook = `/-/api/v1/pull/${hookHash(HOOKS, REMOTE)}`;
    expect((await ask('bert', 'GET', `${hook}/status`)).status).toBe(200);
    expect((await ask('anna', 'GET', `${hook}/status`)).status).toBe(404);
    await call('', 'PATCH', '/tenants/bert', { state: 'suspended' });
    expect((await ask('bert', 'GET', `${hook}/status`)).status).toBe(403);
  });
});

import { expect, test } from 'vitest';
import { hookHash } from '../../src/remote/pull-hook.ts';
import { gitHost } from '../support/git-host.ts';
import { remoteWiki } from './remote-wiki.ts';

const SECRET = 'a-secret-of-some-length';

test('remotes are made, read, used, changed and deleted over the API', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'h\n' });
  const made = await wiki.call('POST', '/remotes', { name: 'host', url: host.url, pull: true, push: true });
  expect([made.status, made.headers.location]).toEqual([201, '/api/v1/remotes/host']);
  expect((await wiki.call('POST', '/remotes', { name: 'host', url: host.url })).body.code).toBe(
    'remote_exists',
  );
  const pulled = await wiki.call('POST', '/remotes/host/pull');
  expect([pulled.status, pulled.body]).toMatchObject([
    200,
    { status: 'done', pull: { outcome: 'fast_forward', commits: 1 }, push: null },
  ]);
  await wiki.write('home', 'changed\n');
  expect((await wiki.call('GET', '/remotes/host')).body).toMatchObject({ ahead: 1, behind: 0, failures: 0 });
  const pushed = await wiki.call('POST', '/remotes/host/push', {});
  expect(pushed.body.push).toMatchObject({ outcome: 'pushed', after: await wiki.head() });
  expect((await wiki.call('GET', '/remotes/host')).body).toMatchObject({ ahead: 0, last_error: null });
  const changed = await wiki.call('PATCH', '/remotes/host', { push: false, every_minutes: 60 });
  expect(changed.body).toMatchObject({ push: false, every_minutes: 60 });
  expect((await wiki.call('POST', '/remotes/host/push')).body.code).toBe('remote_invalid');
  expect((await wiki.call('PATCH', '/remotes/host', { pull: false })).body.code).toBe('remote_invalid');
  expect((await wiki.call('DELETE', '/remotes/host')).status).toBe(200);
  expect((await wiki.call('GET', '/remotes/host')).body.code).toBe('remote_not_found');
  const { body } = await wiki.call('GET', '/audit');
  const actions = body.entries.map(({ action }: { action: string }) => action);
  expect(actions).toEqual(expect.arrayContaining(['remote.create', 'remote.change', 'remote.delete']));
});

test('the webhook pulls and answers when that is done, also where Otterwiki has it', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki({ SECRET_KEY: SECRET })];
  host.commit({ 'home.md': 'h\n' });
  await wiki.connect(host.url, { webhook: true });
  const { body: remote } = await wiki.call('GET', '/remotes/host');
  expect(remote.hook).toBe(`/-/api/v1/pull/${hookHash(SECRET, host.url)}`);
  const nobody = { authorization: '' };
  const path = remote.hook.slice('/-/api/v1'.length);
  const answer = await wiki.call('POST', path, undefined, nobody);
  expect([answer.status, answer.body]).toEqual([200, { status: 'success', message: 'Pull finished' }]);
  expect(await wiki.text('home')).toBe('h\n');
  host.commit({ 'more.md': 'm\n' });
  const request = {
    method: 'GET',
    path: remote.hook,
    query: '',
    headers: {},
    body: (async function* () {})(),
  };
  expect((await wiki.service.app.handle(request)).status).toBe(200);
  expect(await wiki.text('more')).toBe('m\n');
  const status = await wiki.call('GET', `${path}/status`, undefined, nobody);
  expect(status.body).toMatchObject({ status: 'success', time: expect.any(String) });
  await wiki.call('PATCH', '/remotes/host', { webhook: false });
  expect((await wiki.call('POST', path, undefined, nobody)).status).toBe(404);
});

test('a webhook that fails says so, and one that nobody has made is not there', async () => {
  const wiki = await remoteWiki({ SECRET_KEY: SECRET });
  const url = 'http://127.0.0.1:1/wiki.git';
  await wiki.connect(url, { webhook: true });
  const failed = await wiki.call('POST', `/pull/${hookHash(SECRET, url)}`);
  expect([failed.status, failed.body]).toEqual([
    502,
    { status: 'error', message: 'Pull failed', code: 'remote_unreachable' },
  ]);
  expect(JSON.stringify(failed.body)).not.toContain('127.0.0.1');
  for (const hash of ['0'.repeat(64), 'x', hookHash('another-secret-of-mine', url)])
    expect((await wiki.call('POST', `/pull/${hash}`)).body.code).toBe('remote_hook_absent');
});

test('webhooks are called so often and no more', async () => {
  const wiki = await remoteWiki({ SECRET_KEY: SECRET });
  const statuses: number[] = [];
  for (let call = 0; call < 40; call += 1)
    statuses.push((await wiki.call('POST', `/pull/${'0'.repeat(64)}`)).status);
  expect(statuses).toContain(429);
});

test('without a secret there are no webhooks', async () => {
  const wiki = await remoteWiki();
  await wiki.connect('http://127.0.0.1:1/wiki.git', { webhook: true });
  expect((await wiki.call('GET', '/remotes/host')).body.hook).toBeNull();
  expect((await wiki.call('POST', `/pull/${'0'.repeat(64)}`)).status).toBe(404);
});

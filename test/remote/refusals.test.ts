import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parseCredentials } from '../../src/remote/credentials.ts';
import { gitHost } from '../support/git-host.ts';
import { remoteWiki } from './remote-wiki.ts';

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

test('credentials are sent to the URL that they are for alone, and shown nowhere', async () => {
  const host = await gitHost({ authorization: basic('me:hidden-word') });
  const other = await gitHost();
  host.commit({ 'home.md': 'h\n' });
  const credentials = { mine: { url: host.url, username: 'me', password: 'hidden-word' } };
  const wiki = await remoteWiki({ KITTIWAKE_REMOTE_CREDENTIALS: JSON.stringify(credentials) });
  await wiki.connect(host.url);
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'remote_denied' });
  await (await wiki.remotes()).change('host', { credentials: 'mine' });
  expect((await wiki.pull()).pull?.outcome).toBe('fast_forward');
  await (await wiki.remotes()).change('host', { url: other.url });
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'remote_credentials_refused' });
  expect(other.requests).toEqual([]);
  const told = [await wiki.call('GET', '/remotes'), wiki.lines, await wiki.call('GET', '/audit')];
  expect(JSON.stringify(told)).not.toContain('hidden-word');
});

test('credentials of many wikis are for those that they name', () => {
  const text = JSON.stringify({ a: { url: 'https://x.example/', password: 'p' } });
  expect(parseCredentials(text).get('a')?.username).toBe('git');
  expect(() => parseCredentials('{"a": 1}')).toThrow(/Using the credentials "a"/);
  expect(() => parseCredentials('secret words')).toThrow(/no JSON object/);
});

test.each([
  ['userinfo', 'https://me:word@git.example.org/wiki.git', /user name or a password/],
  ['a private address', 'https://10.0.0.1/wiki.git', /not public/],
  ['plain http', 'http://git.example.org/wiki.git', /use https/],
  ['another scheme', 'ssh://git@git.example.org/wiki.git', /no URL of https/],
  ['a query', 'https://git.example.org/wiki.git?a=b', /query/],
])('a URL with %s is refused', async (_, url, text) => {
  const wiki = await remoteWiki();
  const { status, body } = await wiki.call('POST', '/remotes', { name: 'host', url });
  expect([status, body.code, body.error]).toEqual([422, 'remote_invalid', expect.stringMatching(text)]);
});

test('a redirect to a private address is not followed', async () => {
  const host = await gitHost({
    before: (request, response) => {
      response.writeHead(302, { location: `http://10.0.0.1${request.url}` }).end();
      return true;
    },
  });
  const wiki = await remoteWiki();
  await wiki.connect(host.url);
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'remote_url_refused' });
});

test('a pack that is larger than is taken is left in the middle, and nothing of it lands', async () => {
  const host = await gitHost();
  host.commit({ 'home.md': 'h\n' });
  const wiki = await remoteWiki({ KITTIWAKE_REMOTE_MAX: '64KiB' });
  await wiki.connect(host.url);
  await wiki.pull();
  const head = await wiki.head();
  host.commit({ 'page/large.bin': randomBytes(200_000) });
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'remote_too_large' });
  expect(await wiki.head()).toBe(head);
});

test('what a clone must not hold is not pulled', async () => {
  const host = await gitHost();
  host.commit({ 'home.md': 'h\n' });
  const wiki = await remoteWiki();
  await wiki.connect(host.url);
  await wiki.pull();
  const head = await wiki.head();
  host.run('config', 'core.protectNTFS', 'false');
  host.commit({ 'docs/git~1/x.md': 'x\n' });
  await expect(wiki.pull()).rejects.toMatchObject({
    code: expect.stringMatching(/entry_refused|path_invalid/),
  });
  expect(await wiki.head()).toBe(head);
});

test('a server that hangs up, or is none of git, fails the run and is left alone for a while', async () => {
  const wiki = await remoteWiki();
  let answer = 'nothing of git';
  const server = createServer((request, response) => {
    if (answer === '') request.socket.destroy();
    else response.end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await wiki.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/wiki.git`);
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'remote_failed' });
  answer = '';
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'remote_unreachable' });
  const { body } = await wiki.call('GET', '/remotes/host');
  expect(body).toMatchObject({ failures: 2, running: false, last_error: { code: 'remote_unreachable' } });
  expect(Date.parse(body.next_attempt)).toBeGreaterThan(Date.parse(body.last_attempt));
});

test('a host of http that is asked over https is told as that', async () => {
  const host = await gitHost();
  const wiki = await remoteWiki();
  await wiki.connect(host.url.replace('http:', 'https:'));
  await expect(wiki.pull()).rejects.toMatchObject({
    code: 'remote_unreachable',
    message: expect.stringContaining('perhaps it is one of http'),
  });
});

import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { runJob } from '../../src/import/job/run-job.ts';
import { openImportRuns } from '../../src/lazy/import-runs.ts';
import { temporaryFolder } from '../support/cli.ts';
import { serveGit } from '../support/git-http-server.ts';
import { nativeGit } from '../support/native-git.ts';
import { type Harness, openWiki } from './harness.ts';

/** A repository of two branches behind git's own server. */
async function served() {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  nativeGit(folder.path(), 'init', '--quiet', '--initial-branch', 'main', 'work');
  const commit = (message: string) => {
    nativeGit(folder.path('work'), 'commit', '--quiet', '--allow-empty', '--message', message);
    return nativeGit(folder.path('work'), 'rev-parse', 'HEAD').trim();
  };
  const main = commit('One');
  nativeGit(folder.path('work'), 'checkout', '--quiet', '-b', 'next');
  const next = commit('Two');
  nativeGit(folder.path('work'), 'checkout', '--quiet', 'main');
  nativeGit(folder.path(), 'clone', '--quiet', '--bare', 'work', 'wiki.git');
  const { origin } = await serveGit({ root: folder.path() });
  return { url: `${origin}/wiki.git`, main, next };
}

/** Carries an import out as a server does whose setting allows these addresses. */
async function carryOut({ folder, service, call }: Harness, id: string, allow: readonly string[]) {
  const { config } = readConfig({ env: { KITTIWAKE_DATA: folder } });
  const parts = { config, store: service.store, wiki: service };
  const { environment } = await openImportRuns(parts, { remote: { allow, maxBytes: 1 << 20 } });
  await runJob(environment, { id, signal: new AbortController().signal });
  return (await call('GET', `/imports/${id}`)).body;
}

test('an import of a URL fetches the repository with its history', async () => {
  const wiki = await openWiki();
  const { url, next } = await served();
  const { status, body } = await wiki.call('POST', '/imports', { url, branch: 'next' });
  expect([status, body]).toMatchObject([201, { state: 'queued', name: 'wiki.git', upload: null }]);
  const done = await carryOut(wiki, body.id, ['127.0.0.1']);
  expect(done).toMatchObject({ state: 'done', failure: null });
  expect((await (await wiki.service.repository()).view({ maxAgeMs: 0 })).head).toBe(next);
});

test('an import of a URL reaches no private address that is not allowed', async () => {
  const wiki = await openWiki();
  const { url } = await served();
  const { body } = await wiki.call('POST', '/imports', { url });
  const done = await carryOut(wiki, body.id, ['127.0.0.2']);
  expect(done).toMatchObject({ state: 'failed', failure: { code: 'remote_url_refused' } });
});

test('an import of a URL keeps no password, and is of a repository only', async () => {
  const wiki = await openWiki();
  const url = 'https://git.example.org/wiki.git';
  const refused = async (body: object) => (await wiki.call('POST', '/imports', body)).body;
  const secret = await refused({ url: 'https://ann:s3cret@git.example.org/wiki.git' });
  expect(secret.code).toBe('remote_url_refused');
  expect(JSON.stringify(secret)).not.toContain('s3cret');
  for (const wrong of ['file:///etc', 'wiki.git', 'https://a%ff@h/', `${url}?a`, ''])
    expect([wrong, (await refused({ url: wrong })).code]).toEqual([wrong, 'remote_url_refused']);
  for (const more of [{ name: 'a.csv' }, { size: 5 }])
    expect((await refused({ url, ...more })).code).toBe('body_invalid');
  expect((await wiki.call('GET', '/imports')).body.imports).toEqual([]);
});

test('an import of a URL is for administrators', async () => {
  const wiki = await openWiki();
  await wiki.call('PUT', '/policy/access', { read: 'APPROVED', write: 'APPROVED', attachment: 'APPROVED' });
  await wiki.call('POST', '/users', { name: 'Anna', email: 'anna@example.org' });
  const bert = { name: 'Bert', email: 'bert@example.org', password: 'correct horse' };
  await wiki.call('POST', '/users', { ...bert, approved: true });
  const authorization = `Basic ${Buffer.from(`${bert.email}:${bert.password}`).toString('base64')}`;
  const url = 'https://git.example.org/wiki.git';
  const { status, body } = await wiki.call('POST', '/imports', { url }, { authorization });
  expect([status, body.code]).toEqual([403, 'forbidden']);
});

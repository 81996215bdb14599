import { expect, test } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import type { JobPrincipal } from '../../src/import/job/job.ts';
import { openImportRuns } from '../../src/lazy/import-runs.ts';
import { type Harness, openWiki } from '../http/harness.ts';

const ANNA = { name: 'Anna', email: 'anna@example.org' };
const BERT = { name: 'Bert', email: 'bert@example.org', password: 'correct horse' };

function basic(email: string) {
  return { authorization: `Basic ${Buffer.from(`${email}:${BERT.password}`).toString('base64')}` };
}

/** A job's principal of Bert, and one of a token of his; what each may write now, or the code of its refusal. */
async function starters(wiki: Harness) {
  await wiki.call('PUT', '/policy/access', { read: 'APPROVED', write: 'APPROVED', attachment: 'APPROVED' });
  await wiki.call('POST', '/users', ANNA);
  const { body: bert } = await wiki.call('POST', '/users', { ...BERT, approved: true });
  const wish = { name: 'script', rights: ['upload'] };
  const { body: token } = await wiki.call('POST', '/tokens', wish, basic(BERT.email));
  const kept: JobPrincipal[] = [];
  for (const headers of [basic(BERT.email), { authorization: `Bearer ${token.token}` }]) {
    const { body } = await wiki.call('POST', '/imports', { name: 'a.csv', size: 9 }, headers);
    const { jobs } = await runsOf(wiki);
    kept.push((await jobs.read(body.id)).principal);
  }
  const mayWrite = async () => {
    const { environment } = await runsOf(wiki);
    const view = await (await wiki.service.repository()).view({ maxAgeMs: 0 });
    const asked = kept.map(async principal =>
      (await environment.accessOf(principal))(view.policy).may('write', 'a.md'),
    );
    return await Promise.all(asked.map(each => each.catch(error => error.code)));
  };
  return { id: bert.id as string, token: token.id as string, mayWrite };
}

async function runsOf({ folder, service }: Harness) {
  const { config } = readConfig({ env: { KITTIWAKE_DATA: folder } });
  return await openImportRuns({ config, store: service.store, wiki: service });
}

test('an import has the rights that its user has now, also when it was started with a token of his', async () => {
  const wiki = await openWiki();
  const { id, mayWrite } = await starters(wiki);
  expect(await mayWrite()).toEqual([true, true]);
  await wiki.call('PATCH', `/users/${id}`, { approved: false });
  expect(await mayWrite()).toEqual([false, false]);
  await wiki.call('PATCH', `/users/${id}`, { approved: true, locked: true });
  expect(await mayWrite()).toEqual(['auth_invalid', 'auth_invalid']);
});

test('an import ends with the token that it was started with', async () => {
  const wiki = await openWiki();
  const { token, mayWrite } = await starters(wiki);
  await wiki.call('DELETE', `/tokens/${token}`);
  expect(await mayWrite()).toEqual([true, 'auth_invalid']);
});

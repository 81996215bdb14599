import { expect, test } from 'vitest';
import { createMemoStore, memoPrefix } from '../../../src/import/operator/memo-store.ts';
import { createPurging } from '../../../src/lazy/purging.ts';
import { openWiki } from '../../http/harness.ts';

test('a purge leaves no result of an import’s step', async () => {
  const wiki = await openWiki();
  const store = await wiki.service.store();
  const { uuid } = await wiki.service.repository();
  await createMemoStore(store, memoPrefix(uuid)).put('0'.repeat(64), Buffer.from('words that must go'));
  expect((await store.list('memo/')).objects).toHaveLength(1);
  await createPurging(wiki.service.repository, { data: wiki.folder, retainPageNameCase: false }).erase();
  expect((await store.list('memo/')).objects).toEqual([]);
});

test('a purge ends imports and leaves nothing of what they read', async () => {
  const wiki = await openWiki();
  await wiki.write('secret', 'words that must go');
  const sent = 'path,content\nsecret,words that must go\n';
  const start = async () =>
    (await wiki.call('POST', '/imports', { name: 's.csv', size: sent.length })).body.id;
  const [whole, cut, cancelled] = [await start(), await start(), await start()];
  await wiki.call('PUT', `/imports/${whole}/source`, Buffer.from(sent));
  const range = { 'content-range': `bytes 0-29/${sent.length}` };
  await wiki.call('PUT', `/imports/${cut}/source`, Buffer.from(sent.slice(0, 30)), range);
  await wiki.call('POST', `/imports/${cancelled}/cancel`);
  const purging = createPurging(wiki.service.repository, { data: wiki.folder, retainPageNameCase: false });
  await purging.rewrite({ names: ['secret'], blobs: [], pathOnly: false });
  const store = await wiki.service.store();
  const filesOf = async () =>
    (await store.list('job-files/')).objects.filter(({ key }) => key.includes('source'));
  expect(await filesOf()).toEqual([]);
  for (const id of [whole, cut])
    expect((await wiki.call('GET', `/imports/${id}`)).body).toMatchObject({
      state: 'failed',
      failure: { code: 'import_purged' },
    });
  expect((await wiki.call('GET', `/imports/${cancelled}`)).body.state).toBe('cancelled');
  await store.put(`job-files/x/late`, [Buffer.from('of another wiki')], { immutable: true });
  await purging.erase();
  expect((await store.list('jobs/')).objects).toEqual([]);
  expect((await store.list('job-files/')).objects.map(({ key }) => key)).toEqual(['job-files/x/late']);
  expect((await wiki.call('GET', '/imports')).body.imports).toEqual([]);
});

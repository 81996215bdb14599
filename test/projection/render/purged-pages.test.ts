import { expect, test } from 'vitest';
import { createPurging } from '../../../src/lazy/purging.ts';
import { openWiki } from '../../http/harness.ts';

test('a purge leaves no page that was rendered', async () => {
  const wiki = await openWiki();
  await wiki.write('Secret', 'words that must go');
  await wiki.write('Other', '![[Secret]]');
  for (const page of ['Secret', 'Other'])
    expect((await wiki.call('GET', `/pages/${page}?format=html`)).body).toContain('words that must go');
  const store = await wiki.service.store();
  expect((await store.list('render/')).objects).toHaveLength(2);
  const purging = createPurging(wiki.service.repository, { data: wiki.folder, retainPageNameCase: false });
  await purging.rewrite({ names: ['Secret'], blobs: [], pathOnly: false });
  await purging.erase();
  expect((await store.list('render/')).objects).toEqual([]);
  expect((await wiki.call('GET', '/pages/Other?format=html')).body).not.toContain('words that must go');
});

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

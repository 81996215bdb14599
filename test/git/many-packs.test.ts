import { expect, test } from 'vitest';
import { openRepository } from '../../src/git/open.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { commitFiles, newRepository } from '../support/repository.ts';

/** A store that counts the indexes of packs that are read, and how many at once. */
function counting(store: ByteStore) {
  const counts = { read: 0, atOnce: 0, most: 0 };
  const counted: ByteStore = {
    location: store.location,
    list: (...given) => store.list(...given),
    delete: keys => store.delete(keys),
    upload: (...given) => store.upload(...given),
    put: (...given) => store.put(...given),
    async get(key, ...given) {
      if (!key.endsWith('.idx')) return await store.get(key, ...given);
      counts.read += 1;
      counts.atOnce += 1;
      counts.most = Math.max(counts.most, counts.atOnce);
      await new Promise(resolve => setImmediate(resolve));
      counts.atOnce -= 1;
      return await store.get(key, ...given);
    },
  };
  return { counted, counts };
}

test('an object is looked for in the newest packs first, a few at a time', async () => {
  const store = createMemoryByteStore();
  const repository = await newRepository({ store, flush: null });
  const commits: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    commits.push(await commitFiles(repository, { 'page.md': `text ${n}` }));
    await repository.flusher.flush();
  }
  const { counted, counts } = counting(store);
  const { uuid, runtime } = repository;
  const cold = openRepository({ store: counted, uuid, runtime });
  const view = await cold.view();
  const { packs } = view.ledger;
  expect(packs).toHaveLength(40);
  expect(await cold.packs.find(commits.at(-1) ?? '', packs)).toBeDefined();
  expect(counts.read).toBeLessThan(packs.length / 2);
  expect(await cold.packs.find(commits[0] ?? '', packs)).toBeDefined();
  expect(counts).toMatchObject({ read: 40, atOnce: 0 });
  expect(counts.most).toBeLessThan(packs.length / 2);
});

import { expect, it } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { packKey } from '../../../src/git/ledger/ledger.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { csvOf, emptyWiki, runBatches, somePages, tableOf } from './engine-run.ts';

/** A store in which each put takes a while, the later ones less than the first. */
function slowStore(store: ByteStore): ByteStore {
  let calls = 0;
  return {
    location: store.location,
    get: (...given) => store.get(...given),
    list: (...given) => store.list(...given),
    delete: keys => store.delete(keys),
    upload: (...given) => store.upload(...given),
    async put(...given) {
      calls += 1;
      await systemRuntime.sleep(40 / calls);
      return await store.put(...given);
    },
  };
}

it.each([0, 2])('a batch is told when all of it is stored, with %i threads', async workers => {
  const store = createMemoryByteStore();
  const repository = await emptyWiki(slowStore(store));
  const source = await tableOf(csvOf(somePages(400)));
  const isThere = async (key: string) => (await store.get(key)).kind === 'found';
  let rows = 0;
  for await (const batch of runBatches({ repository, source, batchBytes: 8 << 10, workers })) {
    expect(batch.runs.reduce((sum, run) => sum + run.rows, 0)).toBe(batch.counts.pages);
    for (const { key, pack } of batch.runs) {
      const name = pack?.name ?? '';
      const keys = [key, packKey(repository.uuid, name, 'pack'), packKey(repository.uuid, name, 'idx')];
      expect(await Promise.all(keys.map(isThere))).toEqual([true, true, true]);
    }
    rows += batch.counts.rows;
  }
  expect(rows).toBe(400);
});

import { expect, test } from 'vitest';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { byteStoreContract } from '../contract/byte-store.contract.ts';
import { bytesOf } from '../contract/byte-store-values.ts';

byteStoreContract('memory', async () => createMemoryByteStore());

test('an immutable object never becomes other bytes', async () => {
  const store = createMemoryByteStore();
  await store.put('p', [bytesOf('one')], { immutable: true });
  await expect(store.put('p', [bytesOf('two')], { immutable: true })).rejects.toMatchObject({
    code: 'storage_key_clash',
  });
});

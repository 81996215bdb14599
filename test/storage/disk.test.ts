import { expect, test } from 'vitest';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { byteStoreContract } from '../contract/byte-store.contract.ts';
import { bytesOf, textOf } from '../contract/byte-store-values.ts';
import { temporaryFolder } from './temporary-folder.ts';

byteStoreContract('disk', async () => createDiskByteStore({ folder: temporaryFolder() }));

test('other work goes on while a large body is written', async () => {
  const store = createDiskByteStore({ folder: temporaryFolder() });
  await store.put('small', [bytesOf('small')], { ifAbsent: true });
  let isWritten = false;
  const writing = store.put('large', [Buffer.alloc(8_000_000)], { immutable: true }).then(() => {
    isWritten = true;
  });
  expect(await textOf(store, 'small')).toBe('small');
  expect(isWritten).toBe(false);
  await writing;
  expect(await store.get('large', { range: { start: -1 } })).toMatchObject({ size: 8_000_000 });
});

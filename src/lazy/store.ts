import type { ByteStore } from '../storage/byte-store.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';

export function lazyStore({ config, runtime, recorder }: Environment): Lazy<ByteStore> {
  return lazy('store', recorder, async () => {
    const { createDiskByteStore } = await import('../storage/disk.ts');
    return createDiskByteStore({ folder: config.store.folder, runtime });
  });
}

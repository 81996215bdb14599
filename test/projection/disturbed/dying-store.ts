import { KittiwakeError } from '../../../src/core/errors.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import type { Prng } from '../../simulation/prng.ts';

export interface Death {
  /** What begins the keys of the calls that are counted; empty: all. */
  of: string;
  /** At which of these calls the process dies; infinite: never. */
  call: number;
  /** Whether that call still takes effect. */
  lands: boolean;
}

/**
 * What one process has of a store. Others come in between at any call. When it has died, no call does anything any more: what its
 * code still tries changes nothing, as that of a killed process.
 */
export function dyingStore(store: ByteStore, { of, call, lands }: Death, prng: Prng): ByteStore {
  let calls = 0;
  const reach = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    for (let turns = prng.between(0, 3); turns > 0; turns -= 1) await new Promise(setImmediate);
    const isCounted = calls < call && key.startsWith(of);
    if (isCounted) calls += 1;
    if (calls < call) return await work();
    if (isCounted && lands) await work();
    throw new KittiwakeError('storage_denied', 'Calling the store: the process was killed');
  };
  const dying: ByteStore = {
    location: store.location,
    get: (key, ...given) => reach(key, () => store.get(key, ...given)),
    put: (key, ...given) => reach(key, () => store.put(key, ...given)),
    list: (prefix, ...given) => reach(prefix, () => store.list(prefix, ...given)),
    delete: keys => reach(keys[0] ?? '', () => store.delete(keys)),
    upload: (key, ...given) => reach(key, () => store.upload(key, ...given)),
  };
  return dying;
}

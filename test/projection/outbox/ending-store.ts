import type { ByteStore } from '../../../src/storage/byte-store.ts';

/** A process that ends at its n-th call of the store: that call takes effect or not, and nothing comes after it. */
export function endingAt(store: ByteStore, call: number, takesEffect = true): ByteStore {
  let calls = 0;
  const hang = () => new Promise<never>(() => {});
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls > call || (calls === call && !takesEffect)) return await hang();
    const result = await work();
    return calls >= call ? await hang() : result;
  };
  return {
    location: store.location,
    upload: store.upload.bind(store),
    get: (key, options) => guarded(() => store.get(key, options)),
    put: (key, body, condition) => guarded(() => store.put(key, body, condition)),
    list: (prefix, options) => guarded(() => store.list(prefix, options)),
    delete: keys => guarded(() => store.delete(keys)),
  };
}

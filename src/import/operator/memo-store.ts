import type { ByteStore } from '../../storage/byte-store.ts';
import { memoUnkept } from './errors.ts';

/** Results of expensive steps by the hash of what they were made of. Content-addressed, so never changed. */
export interface MemoStore {
  get(hash: string): Promise<Buffer | undefined>;
  put(hash: string, result: Buffer): Promise<void>;
}

/** Where the results of a wiki's imports are kept. They can be made again at any time. */
export function memoPrefix(uuid: string): string {
  return `memo/${uuid}/`;
}

/** @param prefix of the keys, with its slash: see {@link memoPrefix} */
export function createMemoStore(store: ByteStore, prefix: string): MemoStore {
  const keyOf = (hash: string) => `${prefix}${hash.slice(0, 2)}/${hash.slice(2)}`;
  return {
    async get(hash) {
      const found = await store.get(keyOf(hash));
      return found.kind === 'found' ? found.bytes : undefined;
    },
    async put(hash, result) {
      const key = keyOf(hash);
      const outcome = await store.put(key, [result], { immutable: true });
      if (outcome.kind !== 'stored')
        throw memoUnkept(key, outcome.kind === 'unknown' ? outcome.cause : undefined);
    },
  };
}

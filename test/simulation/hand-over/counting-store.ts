import type { ByteStore, PutCondition } from '../../../src/storage/byte-store.ts';

export interface Requests {
  puts: number;
  gets: number;
  lists: number;
  deletes: number;
}

/** A store that counts the requests it is asked for; up to 1,000 deletions are one. */
export class CountingStore {
  readonly requests: Requests = { puts: 0, gets: 0, lists: 0, deletes: 0 };
  readonly #store: ByteStore;

  constructor(store: ByteStore) {
    this.#store = store;
  }

  get(key: string, version?: string) {
    this.requests.gets += 1;
    return this.#store.get(key, version === undefined ? {} : { ifNoneMatch: version });
  }

  put(key: string, body: Buffer[], condition: PutCondition) {
    this.requests.puts += 1;
    return this.#store.put(key, body, condition);
  }

  async keys(prefix: string): Promise<string[]> {
    this.requests.lists += 1;
    return (await this.#store.list(prefix)).objects.map(({ key }) => key);
  }

  delete(keys: readonly string[]): Promise<void> {
    this.requests.deletes += 1;
    return this.#store.delete(keys);
  }
}

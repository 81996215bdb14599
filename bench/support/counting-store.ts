import type {
  Body,
  ByteStore,
  CallOptions,
  GetOptions,
  Listing,
  PutCondition,
  Uploaded,
} from '../../src/storage/byte-store.ts';

/** A store that counts what is written through it. */
export class CountingStore implements ByteStore {
  readonly location: string;
  /** Bytes of all puts. */
  bytesPut = 0;
  /** Bytes of the last put of a ledger. */
  lastLedgerBytes = 0;
  /** Packs written. */
  packs = 0;
  readonly #store: ByteStore;

  constructor(store: ByteStore) {
    this.location = store.location;
    this.#store = store;
  }

  get(key: string, options?: GetOptions) {
    return this.#store.get(key, options);
  }

  put(key: string, body: Body, condition: PutCondition, options?: CallOptions) {
    const bytes = body.reduce((sum, part) => sum + part.byteLength, 0);
    this.bytesPut += bytes;
    if (key.startsWith('ledger/')) this.lastLedgerBytes = bytes;
    if (key.endsWith('.pack')) this.packs += 1;
    return this.#store.put(key, body, condition, options);
  }

  list(prefix: string, options?: { after?: string; limit?: number } & CallOptions): Promise<Listing> {
    return this.#store.list(prefix, options);
  }

  delete(keys: readonly string[], options?: CallOptions): Promise<void> {
    return this.#store.delete(keys, options);
  }

  upload(key: string, chunks: AsyncIterable<Uint8Array>, options?: CallOptions): Promise<Uploaded> {
    return this.#store.upload(key, chunks, options);
  }
}

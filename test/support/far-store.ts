import { setTimeout as wait } from 'node:timers/promises';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';

const GET_MS = 4;
const PUT_MS = 12;

/** A store in memory that answers as a bucket does, but faster. */
export function farStore(): ByteStore {
  const store = createMemoryByteStore();
  const { get, put } = store;
  store.get = async (...asked) => wait(GET_MS).then(() => get.apply(store, asked));
  store.put = async (...asked) => wait(PUT_MS).then(() => put.apply(store, asked));
  return store;
}

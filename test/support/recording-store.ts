import type { ByteStore, GetOptions } from '../../src/storage/byte-store.ts';

/** One answered read of a store. */
export interface RecordedRead {
  key: string;
  bytes: number;
}

/** A store that notes how much of which object is read. */
export function recordingStore(store: ByteStore): { store: ByteStore; reads: RecordedRead[] } {
  const reads: RecordedRead[] = [];
  const recording: ByteStore = {
    location: store.location,
    async get(key: string, options?: GetOptions) {
      const got = await store.get(key, options);
      if (got.kind === 'found') reads.push({ key, bytes: got.bytes.length });
      return got;
    },
    put: (...call) => store.put(...call),
    list: (...call) => store.list(...call),
    delete: (...call) => store.delete(...call),
    upload: (...call) => store.upload(...call),
  };
  return { store: recording, reads };
}

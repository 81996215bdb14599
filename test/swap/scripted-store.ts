import type { ByteStore, GetOutcome, PutOutcome } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';

type Get = ByteStore['get'];
type Put = ByteStore['put'];

/** What the next calls do instead of what the memory store does; each script serves one call. */
export interface ScriptedStore extends ByteStore {
  nextGet(script: (get: () => Promise<GetOutcome>) => Promise<GetOutcome>): void;
  nextPut(script: (put: () => Promise<PutOutcome>) => Promise<PutOutcome>): void;
  readonly calls: { gets: number; puts: number };
}

/** A memory store whose next calls can be made to fail, hang or lie. */
export function scriptedStore(inner: ByteStore = createMemoryByteStore()): ScriptedStore {
  const gets: ((get: () => ReturnType<Get>) => ReturnType<Get>)[] = [];
  const puts: ((put: () => ReturnType<Put>) => ReturnType<Put>)[] = [];
  const calls = { gets: 0, puts: 0 };
  return {
    location: inner.location,
    calls,
    get: (...args) => {
      calls.gets += 1;
      const script = gets.shift();
      return script ? script(() => inner.get(...args)) : inner.get(...args);
    },
    put: (...args) => {
      calls.puts += 1;
      const script = puts.shift();
      return script ? script(() => inner.put(...args)) : inner.put(...args);
    },
    list: (...args) => inner.list(...args),
    delete: (...args) => inner.delete(...args),
    upload: (...args) => inner.upload(...args),
    nextGet: script => gets.push(script),
    nextPut: script => puts.push(script),
  };
}

export const lost = async (): Promise<PutOutcome> => ({
  kind: 'unknown',
  cause: new Error('connection reset'),
});

export async function unanswered(put: () => Promise<PutOutcome>): Promise<PutOutcome> {
  await put();
  return lost();
}

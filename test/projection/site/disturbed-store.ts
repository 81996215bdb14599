import { createHash } from 'node:crypto';
import { KittiwakeError } from '../../../src/core/errors.ts';
import type { ByteStore, PutOutcome } from '../../../src/storage/byte-store.ts';

/** A store in memory whose versions are digests of the content, as in S3: what comes back has the version that it had. */
export function digestStore(): ByteStore {
  const objects = new Map<string, Buffer>();
  const versionOf = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
  const store: ByteStore = {
    location: 'digests:',
    async get(key, { range } = {}) {
      const bytes = objects.get(key);
      if (bytes === undefined) return { kind: 'absent' };
      const part = range === undefined ? bytes : bytes.subarray(range.start, range.end);
      return { kind: 'found', bytes: Buffer.from(part), version: versionOf(bytes), size: bytes.length };
    },
    async put(key, body, condition): Promise<PutOutcome> {
      const held = objects.get(key);
      if ('ifAbsent' in condition && held !== undefined) return { kind: 'conflict', reason: 'exists' };
      if ('ifMatch' in condition && (held === undefined || versionOf(held) !== condition.ifMatch))
        return { kind: 'conflict', reason: held === undefined ? 'gone' : 'changed' };
      const bytes = Buffer.concat(body);
      objects.set(key, bytes);
      return { kind: 'stored', version: versionOf(bytes) };
    },
    async list(prefix, { after = '', limit = 1000 } = {}) {
      const keys = [...objects.keys()].filter(key => key.startsWith(prefix) && key > after).sort();
      const listed = keys
        .slice(0, limit)
        .map(key => ({ key, size: objects.get(key)?.length ?? 0, modifiedMs: 0 }));
      return { objects: listed, more: keys.length > limit };
    },
    async delete(keys) {
      for (const key of keys) objects.delete(key);
    },
    async upload(key, chunks) {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk);
      objects.set(key, Buffer.concat(parts));
      return { size: objects.get(key)?.length ?? 0 };
    },
  };
  return store;
}

/** A store as a process has it that dies at a call: from then on nothing that it does has any effect. */
export function dyingStore(
  store: ByteStore,
  atCall: number,
  lands: boolean,
): { store: ByteStore; calls: () => number } {
  let calls = 0;
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls < atCall) return await work();
    if (calls === atCall && lands) await work();
    throw new KittiwakeError('storage_denied', 'Calling the store: the process was killed');
  };
  return { store: around(store, reach), calls: () => calls };
}

/** A store at which others come in between at any call. */
export function crowdedStore(store: ByteStore, turns: () => number): ByteStore {
  return around(store, async work => {
    for (let left = turns(); left > 0; left -= 1) await new Promise(setImmediate);
    return await work();
  });
}

/** A store that keeps back one put of the site: the process waits for it for ever. */
export function holdingStore(store: ByteStore, nthPut: number) {
  let puts = 0;
  const held: { release?: () => Promise<PutOutcome> } = {};
  const holding: ByteStore = {
    ...around(store, work => work()),
    put(key, ...given) {
      if (key.startsWith('site/')) puts += 1;
      if (!key.startsWith('site/') || puts !== nthPut) return store.put(key, ...given);
      held.release = () => store.put(key, ...given);
      return new Promise(() => {});
    },
  };
  return { store: holding, held };
}

/** A store of which one put of an object says that nobody knows what became of it; it takes effect at once, or when released. */
export function doubtfulStore(store: ByteStore, key: string, lands: boolean) {
  const held: { release?: () => Promise<PutOutcome> } = {};
  const doubtful: ByteStore = {
    ...around(store, work => work()),
    async put(at, ...given) {
      if (at !== key || held.release !== undefined) return await store.put(at, ...given);
      held.release = () => store.put(at, ...given);
      if (lands) await held.release();
      return { kind: 'unknown', cause: new Error('It took too long') };
    },
  };
  return { store: doubtful, held };
}

function around(store: ByteStore, reach: <T>(work: () => Promise<T>) => Promise<T>): ByteStore {
  return {
    location: store.location,
    get: (...given) => reach(() => store.get(...given)),
    put: (...given) => reach(() => store.put(...given)),
    list: (...given) => reach(() => store.list(...given)),
    delete: (...given) => reach(() => store.delete(...given)),
    upload: (...given) => reach(() => store.upload(...given)),
  };
}

import type { ByteStore, GetOptions, GetOutcome, Listing } from '../../src/storage/byte-store.ts';
import type { Cloud } from './cloud.ts';

/** The bytes of a cloud, at once and without faults: to set a simulation up and to look at what it left. */
export function directStore(cloud: Cloud): ByteStore {
  return {
    location: 'simulated:directly',
    get: async (key, asked = {}) => found(cloud, key, asked),
    put: async (key, body, condition) => cloud.put(key, body, condition),
    list: async (prefix, asked = {}) => listed(cloud, prefix, asked),
    delete: async keys => {
      for (const key of keys) cloud.delete(key);
    },
    upload: uploadUnused,
  };
}

/** Nothing that is simulated uploads streams. */
export const uploadUnused: ByteStore['upload'] = async key => {
  throw new Error(`Uploading "${key}" failed: the simulation has no uploads`);
};

export function found(cloud: Cloud, key: string, { range, ifNoneMatch }: GetOptions): GetOutcome {
  const object = cloud.get(key);
  if (object === undefined) return { kind: 'absent' };
  const { bytes, version } = object;
  if (version === ifNoneMatch) return { kind: 'unchanged' };
  const part = range === undefined ? bytes : bytes.subarray(range.start, range.end);
  return { kind: 'found', bytes: Buffer.from(part), version, size: bytes.length };
}

export function listed(cloud: Cloud, prefix: string, asked: { after?: string; limit?: number }): Listing {
  const keys = cloud.keys().filter(key => key.startsWith(prefix) && key > (asked.after ?? ''));
  const some = keys.slice(0, asked.limit ?? 1_000);
  const objects = some.flatMap(key => {
    const object = cloud.get(key);
    return object === undefined ? [] : [{ key, size: object.bytes.length, modifiedMs: object.modifiedMs }];
  });
  return { objects, more: some.length < keys.length };
}

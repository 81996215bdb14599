import type { ByteStore, Version } from '../../storage/byte-store.ts';

/** What is read at once of large objects, in bytes. */
const PART_BYTES = 4 * 1024 * 1024;

/** The published objects of one wiki. */
export interface PublishedObjects {
  /**
   * Reads an object, or the bytes `start` (inclusive) to `end` (exclusive) of it.
   * @param key below `site/<uuid>/`
   * @param known a version that the caller has
   * @throws KittiwakeError as {@link ByteStore.get}
   */
  read(key: string, options?: { known?: string; range?: ByteRange }): Promise<PublishedRead>;
}

export interface ByteRange {
  start: number;
  end: number;
}

export type PublishedRead =
  /** `first` is where `body` begins. `size` is that of the whole object; `version` never stands for other bytes. */
  | { kind: 'found'; first: Buffer; body: Buffer | AsyncIterable<Uint8Array>; size: number; version: string }
  | { kind: 'unchanged' }
  | { kind: 'absent' };

export function publishedObjects(store: ByteStore, wikiId: string): PublishedObjects {
  return {
    async read(key, { known, range } = {}) {
      const whole = `site/${wikiId}/${key}`;
      const start = range?.start ?? 0;
      const end = Math.min(range?.end ?? Number.POSITIVE_INFINITY, start + PART_BYTES);
      const answer = await store.get(whole, {
        range: { start, end },
        ...(known === undefined ? {} : { ifNoneMatch: known }),
      });
      if (answer.kind !== 'found') return answer;
      const { bytes: first, size, version } = answer;
      const last = Math.min(range?.end ?? size, size);
      const isWhole = start + first.length >= last;
      const body = isWhole ? first : parts(store, whole, { first, version, start, end: last });
      return { kind: 'found', first, body, size, version };
    },
  };
}

interface Begun extends ByteRange {
  first: Buffer;
  version: Version;
}

/** An object that is replaced meanwhile breaks off: half of each is neither. */
async function* parts(store: ByteStore, key: string, { first, version, start, end }: Begun) {
  yield first;
  for (let at = start + first.length; at < end; ) {
    const range = { start: at, end: Math.min(end, at + PART_BYTES) };
    const answer = await store.get(key, { range });
    if (answer.kind !== 'found' || answer.version !== version || answer.bytes.length === 0) {
      throw new Error('The object was replaced while it was read');
    }
    yield answer.bytes;
    at += answer.bytes.length;
  }
}

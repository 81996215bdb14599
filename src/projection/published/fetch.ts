import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { readRanges } from '../../git/large/byte-ranges.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { publishedDamaged } from '../errors.ts';
import type { Cursor } from '../projection.ts';
import { indexKey, type PublishedIndex, readPointer } from './pointer.ts';

/** Of what is unpacked: by default as much time goes into handing it on as into unpacking. */
const CHUNK_BYTES = 512 << 10;

/** An index that can be had without reading a page. */
export interface FetchableIndex {
  cursor: Cursor;
  /** Writes the SQLite file to `path`, which must not exist. */
  fetch(path: string): Promise<void>;
}

/**
 * The published index of a variant; undefined when there is none.
 * @throws KittiwakeError `object_unreadable`; those of {@link ByteStore.get}
 */
export async function findPublished(
  store: ByteStore,
  uuid: string,
  variant: string,
): Promise<FetchableIndex | undefined> {
  const published = (await readPointer(store, uuid))?.current;
  if (!published || published.variant !== variant) return undefined;
  const { head, ordinal, object } = published;
  return {
    cursor: { head, ordinal },
    fetch: path => fetchIndex(store, indexKey(uuid, object), published, path),
  };
}

/** Memory is bounded by some MiB. @throws KittiwakeError `search_snapshot_damaged` */
async function fetchIndex(
  store: ByteStore,
  key: string,
  { bytes, unpackedBytes, sha256 }: PublishedIndex,
  path: string,
): Promise<void> {
  const read = async (start: number, end: number) => {
    const got = await store.get(key, { range: { start, end } });
    if (got.kind !== 'found') throw publishedDamaged(key, 'it is not there');
    if (got.size !== bytes) throw publishedDamaged(key, `it has ${got.size} bytes instead of ${bytes}`);
    return got.bytes;
  };
  const packed = verified(readRanges(read, 0, bytes), sha256, key);
  const unpacked = (chunks: AsyncIterable<Buffer>) => bounded(chunks, unpackedBytes, key);
  const unpacking = createZstdDecompress({ chunkSize: CHUNK_BYTES });
  const file = createWriteStream(path, { flags: 'wx', highWaterMark: CHUNK_BYTES });
  await pipeline(packed, unpacking, unpacked, file);
}

async function* verified(chunks: AsyncIterable<Buffer>, sha256: string, key: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const found = hash.digest('hex');
  if (found !== sha256) throw publishedDamaged(key, `its SHA-256 is ${found} instead of ${sha256}`);
}

async function* bounded(chunks: AsyncIterable<Buffer>, bytes: number, key: string): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of chunks) {
    left -= chunk.length;
    if (left < 0) throw publishedDamaged(key, `it unpacks to more than ${bytes} bytes`);
    yield chunk;
  }
  if (left > 0) throw publishedDamaged(key, `it unpacks to ${bytes - left} bytes instead of ${bytes}`);
}

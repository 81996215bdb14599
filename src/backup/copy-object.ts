import type { ByteStore } from '../storage/byte-store.ts';
import { backupDamaged, copyUncertain } from './errors.ts';

/** Bytes that are held at once of an object. */
const CHUNK_BYTES = 8 << 20;

export interface Places {
  from: ByteStore;
  to: ByteStore;
}

/**
 * Copies an object that never changes; of any size, in constant memory.
 * @returns false when it is not there any more
 */
export async function copyImmutable({ from, to }: Places, key: string, size: number): Promise<boolean> {
  const first = await from.get(key, { range: { start: 0, end: CHUNK_BYTES } });
  if (first.kind !== 'found') return false;
  const stored = await to.upload(key, chunksOf(from, key, first));
  if (stored.size !== size) {
    throw backupDamaged(from.location, key, `it has ${stored.size} bytes, ${size} were listed`);
  }
  return true;
}

async function* chunksOf(
  from: ByteStore,
  key: string,
  first: { bytes: Buffer; size: number },
): AsyncGenerator<Buffer> {
  let next = first.bytes;
  for (let at = 0; ; ) {
    yield next;
    at += next.length;
    if (at >= first.size) return;
    const got = await from.get(key, { range: { start: at, end: at + CHUNK_BYTES } });
    if (got.kind !== 'found' || got.bytes.length === 0) {
      throw backupDamaged(from.location, key, `it ended after ${at} of ${first.size} bytes`);
    }
    next = got.bytes;
  }
}

/**
 * Makes an object that changes hold these bytes.
 * @returns false when it held them already
 * @throws KittiwakeError `storage_failed` when it could not be told whether it was stored; it may be called again
 */
export async function putMutable(to: ByteStore, key: string, bytes: Buffer): Promise<boolean> {
  const there = await to.get(key);
  if (there.kind === 'found' && there.bytes.equals(bytes)) return false;
  const condition = there.kind === 'found' ? { ifMatch: there.version } : { ifAbsent: true as const };
  const outcome = await to.put(key, [bytes], condition);
  if (outcome.kind === 'stored') return true;
  const now = await to.get(key);
  if (now.kind === 'found' && now.bytes.equals(bytes)) return true;
  throw copyUncertain(to.location, key, outcome.kind === 'unknown' ? outcome.cause : undefined);
}

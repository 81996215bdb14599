import { createHash } from 'node:crypto';
import { createInflate } from 'node:zlib';
import { objectCorrupt, objectMissing, packCorrupt } from '../errors.ts';
import type { PackRef } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import { inflateExactly, isDelta, MAX_ENTRY_HEADER_BYTES, readEntryHeader } from '../pack/pack-entry.ts';
import type { Place } from '../pack/place.ts';
import type { PackStore } from '../view/pack-store.ts';
import { through } from './blob-pack.ts';
import { readRanges } from './byte-ranges.ts';
import type { OpenBlob } from './large.ts';

const CHUNK_BYTES = 128 << 10;
/** What is as short as that in the pack, and no longer than that inflated, is read at once. */
const SHORT_ENTRY_BYTES = 64 << 10;
const SHORT_BLOB_BYTES = 1 << 20;

/**
 * Opens a blob that lies in a pack. Its bytes are read and inflated as they are taken: memory is bounded by some MiB,
 * unless it lies as a delta, which packs made here do only up to 1 MiB.
 * @throws KittiwakeError `object_missing`, `pack_missing`, `pack_corrupt`
 */
export async function openPackedBlob(
  packs: PackStore,
  oid: Oid,
  listed: readonly PackRef[],
  known: Place | undefined,
): Promise<OpenBlob> {
  const place = known ?? (await packs.locate(oid, listed));
  if (!place) throw objectMissing(oid);
  const end = place.offset + place.length;
  const read = (from: number, to: number) => packs.read(place.pack, 'pack', from, Math.min(to, end));
  const isShort = place.length <= SHORT_ENTRY_BYTES;
  const front = await read(place.offset, isShort ? end : place.offset + MAX_ENTRY_HEADER_BYTES);
  const header = readEntryHeader(front);
  if (isDelta(header)) return wholeBlob(oid, (await packs.object(oid, listed)).bytes);
  if (header.kind !== 'blob') throw objectMissing(oid, `it is a ${header.kind}, not a blob`);
  if (isShort && header.size <= SHORT_BLOB_BYTES)
    return wholeBlob(oid, inflateExactly(front.subarray(header.length), header.size));
  const ranges = readRanges(read, place.offset + header.length, end);
  const chunks = inflated(ranges);
  return { size: header.size, chunks: verified(oid, header.size, chunks) };
}

/** A blob that is in memory. */
export function wholeBlob(oid: Oid, bytes: Buffer): OpenBlob {
  async function* one(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return { size: bytes.length, chunks: verified(oid, bytes.length, one()) };
}

async function* inflated(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* through(source, createInflate({ chunkSize: CHUNK_BYTES }));
  } catch (error) {
    throw isZlibError(error) ? packCorrupt('an entry does not inflate', error) : error;
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ERR_)/.test(String(error.code));
}

/** Hands chunks on one behind, so that the last leaves only when size and id have been checked. */
async function* verified(
  oid: Oid,
  size: number,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  let held: Uint8Array | undefined;
  let length = 0;
  for await (const chunk of chunks) {
    if (held) yield held;
    held = chunk;
    length += chunk.length;
    if (length > size) throw objectCorrupt(oid, `it has more than ${size} bytes`);
    hash.update(chunk);
  }
  if (length !== size) throw objectCorrupt(oid, `it has ${length} bytes instead of ${size}`);
  const id = hash.digest('hex');
  if (id !== oid) throw objectCorrupt(oid, `its bytes have the id ${id}`);
  if (held) yield held;
}

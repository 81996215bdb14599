import { objectCorrupt } from '../errors.ts';
import { checkedEnd, compareEntries, compareEntry } from './tree-entry.ts';

/** Bytes a chunk is cut to; one is left alone up to twice this size. */
const TARGET_BYTES = 16 << 10;
const MAX_BYTES = 2 * TARGET_BYTES;
export const MIN_CHUNK_BYTES = TARGET_BYTES >> 2;

/** A run of whole raw tree entries. Immutable: trees share them. */
export interface Chunk {
  readonly bytes: Buffer;
  /** Where each entry starts. */
  readonly starts: Uint32Array;
}

/** One entry to be written (or, with null, removed) under a key. */
export interface Slot {
  key: Buffer;
  entry: Buffer | null;
}

/** @throws KittiwakeError `object_corrupt` when the bytes are no entries, or not in git's order */
export function parseChunk(bytes: Buffer): Chunk {
  let starts = new Uint32Array(Math.max(16, bytes.length >> 5));
  let count = 0;
  for (let at = 0, before = -1; at < bytes.length; count += 1) {
    const end = checkedEnd(bytes, at);
    if (before >= 0 && compareEntries(bytes, before, at, at, end) >= 0) {
      throw objectCorrupt('tree', `the entry at byte ${at} is out of order`);
    }
    if (count === starts.length) starts = grown(starts);
    starts[count] = at;
    before = at;
    at = end;
  }
  return { bytes, starts: starts.subarray(0, count) };
}

function grown(starts: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(starts.length * 2);
  larger.set(starts);
  return larger;
}

export function entryEnd(chunk: Chunk, index: number): number {
  return chunk.starts[index + 1] ?? chunk.bytes.length;
}

/** The index of the entry with this key, or the complement (`~`) of where it would be. */
export function searchChunk(chunk: Chunk, key: Buffer): number {
  let low = 0;
  let high = chunk.starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareEntry(chunk.bytes, chunk.starts[middle] as number, entryEnd(chunk, middle), key);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return ~low;
}

/** The index of the chunk that holds `key` or would take it. */
export function searchChunks(chunks: readonly Chunk[], key: Buffer): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const chunk = chunks[middle] as Chunk;
    if (compareEntry(chunk.bytes, 0, entryEnd(chunk, 0), key) <= 0) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}

/** The chunk with the slots (in order, of different keys) written; the same chunk when nothing differs. */
export function editChunk(chunk: Chunk, slots: readonly Slot[]): Chunk {
  const changes: Splice[] = [];
  for (const { key, entry } of slots) {
    const found = searchChunk(chunk, key);
    const index = found < 0 ? ~found : found;
    const remove = found < 0 ? 0 : 1;
    if (entry === null && remove === 0) continue;
    const old = remove ? chunk.bytes.subarray(chunk.starts[index], entryEnd(chunk, index)) : undefined;
    if (entry && old?.equals(entry)) continue;
    changes.push({ index, remove, entry });
  }
  const [only, ...others] = changes;
  if (!only) return chunk;
  if (others.length === 0 && only.entry && only.remove) {
    const start = chunk.starts[only.index] as number;
    if (entryEnd(chunk, only.index) - start === only.entry.length) return overwrite(chunk, start, only.entry);
  }
  return splice(chunk, changes);
}

/** At entry `index`, `remove` entries give way to `entry`. */
interface Splice {
  index: number;
  remove: number;
  entry: Buffer | null;
}

function overwrite(chunk: Chunk, start: number, entry: Buffer): Chunk {
  const bytes = Buffer.allocUnsafe(chunk.bytes.length);
  bytes.set(chunk.bytes);
  bytes.set(entry, start);
  return { bytes, starts: chunk.starts };
}

function splice(chunk: Chunk, changes: readonly Splice[]): Chunk {
  let [length, count] = [chunk.bytes.length, chunk.starts.length];
  for (const { index, remove, entry } of changes) {
    if (remove) length -= entryEnd(chunk, index) - (chunk.starts[index] as number);
    count -= remove;
    if (entry) [length, count] = [length + entry.length, count + 1];
  }
  const bytes = Buffer.allocUnsafe(length);
  const starts = new Uint32Array(count);
  let [from, at, filled] = [0, 0, 0];
  const copyTo = (index: number) => {
    const begin = chunk.starts[from] ?? chunk.bytes.length;
    const end = chunk.starts[index] ?? chunk.bytes.length;
    bytes.set(chunk.bytes.subarray(begin, end), at);
    for (; from < index; from += 1) starts[filled++] = (chunk.starts[from] as number) - begin + at;
    at += end - begin;
  };
  for (const { index, remove, entry } of changes) {
    copyTo(index);
    from += remove;
    if (!entry) continue;
    bytes.set(entry, at);
    starts[filled++] = at;
    at += entry.length;
  }
  copyTo(chunk.starts.length);
  return { bytes, starts };
}

/** Neighbours as one chunk. */
export function joinChunks(left: Chunk, right: Chunk): Chunk {
  const starts = new Uint32Array(left.starts.length + right.starts.length);
  starts.set(left.starts);
  for (let i = 0; i < right.starts.length; i += 1) {
    starts[left.starts.length + i] = (right.starts[i] as number) + left.bytes.length;
  }
  return { bytes: Buffer.concat([left.bytes, right.bytes]), starts };
}

/** The chunk itself, or when it is too large several that are not; none when it is empty. */
export function cutChunk(chunk: Chunk): Chunk[] {
  const { bytes, starts } = chunk;
  if (starts.length === 0) return [];
  if (bytes.length <= MAX_BYTES) return [chunk];
  const size = bytes.length / Math.ceil(bytes.length / TARGET_BYTES);
  const pieces: Chunk[] = [];
  for (let first = 0; first < starts.length; ) {
    const begin = starts[first] as number;
    let last = first + 1;
    while (last < starts.length && (starts[last] as number) - begin < size) last += 1;
    const piece = starts.slice(first, last);
    for (let i = 0; i < piece.length; i += 1) piece[i] = (piece[i] as number) - begin;
    pieces.push({ bytes: bytes.subarray(begin, starts[last] ?? bytes.length), starts: piece });
    first = last;
  }
  return pieces;
}

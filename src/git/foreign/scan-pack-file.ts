import { createHash } from 'node:crypto';
import { createInflate } from 'node:zlib';
import { packCorrupt } from '../errors.ts';
import { through } from '../large/blob-pack.ts';
import { hashObject } from '../object/object-codec.ts';
import type { Oid } from '../object/objects.ts';
import {
  type DeltaEntryHeader,
  type EntryHeader,
  inflateFront,
  isDelta,
  MAX_ENTRY_HEADER_BYTES,
  PACK_HEADER_BYTES,
  readEntryHeader,
  TRAILER_BYTES,
} from '../pack/pack-entry.ts';
import { readPackHeader } from '../pack/pack-walk.ts';
import type { PackFile } from './pack-file.ts';
import { PackTable } from './pack-table.ts';

/** Contents from here on are never in memory as a whole, where they lie whole. */
export const LARGE_BYTES = 8 << 20;
const WINDOW_BYTES = 1 << 20;
/** A header of one byte and an empty zlib stream of eight. */
const MIN_ENTRY_BYTES = 9;
/** Entries between two looks at what else is to be done, and bytes of them. */
const TURN = 256;
const TURN_BYTES = 8 << 20;

/** A delta against an object that may lie anywhere in the pack. */
export interface RefDelta {
  number: number;
  base: Oid;
}

export interface ScanLimits {
  /** Of objects that are not read in pieces. Default 256 MiB. */
  maxObjectBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface ScannedPackFile {
  /** Of deltas it tells nothing but their bases. */
  table: PackTable;
  refDeltas: RefDelta[];
}

/**
 * Goes over a pack from front to end, once: finds where each entry lies, computes the ids of those that lie whole, and compares the
 * checksum. An entry at a time is in memory, a large blob not even as a whole.
 * @throws KittiwakeError `pack_corrupt`; what `signal` is aborted with
 */
export async function scanPackFile(
  file: PackFile,
  { signal, maxObjectBytes }: ScanLimits,
): Promise<ScannedPackFile> {
  const count = readPackHeader(file.read(0, PACK_HEADER_BYTES));
  if (count * MIN_ENTRY_BYTES > file.size) throw packCorrupt(`it is too short for ${count} objects`);
  const scan = new PackScan(file, count, maxObjectBytes);
  let turnBytes = 0;
  for (let number = 0; number < count; number += 1) {
    if (number % TURN === 0 || turnBytes > TURN_BYTES) {
      turnBytes = 0;
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    }
    turnBytes += await scan.next(number);
  }
  return scan.finish();
}

class PackScan {
  readonly #file: PackFile;
  readonly #end: number;
  readonly #maxObjectBytes: number | undefined;
  readonly #table: PackTable;
  readonly #refDeltas: RefDelta[] = [];
  readonly #sha = createHash('sha1');
  /** Used again for each window: what is made of one is a copy. */
  readonly #buffer = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  #offset = 0;
  #window: { start: number; bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };

  constructor(file: PackFile, count: number, maxObjectBytes?: number) {
    this.#file = file;
    this.#maxObjectBytes = maxObjectBytes;
    this.#end = file.size - TRAILER_BYTES;
    this.#table = new PackTable(count);
    this.#pass(PACK_HEADER_BYTES);
  }

  /** @returns how many bytes the entry was inflated to */
  async next(number: number): Promise<number> {
    const offset = this.#offset;
    this.#table.setOffset(number, offset);
    const header = readEntryHeader(this.#ahead(MAX_ENTRY_HEADER_BYTES));
    if (header.kind === 'blob' && header.size >= LARGE_BYTES) await this.#passLarge(number, header);
    else {
      const { bytes, consumed } = this.#inflated(header);
      this.#pass(header.length + consumed);
      if (isDelta(header)) this.#setBase(number, header, offset);
      else this.#table.resolve(number, header.kind, hashObject(header.kind, bytes));
    }
    return header.size;
  }

  /** @throws KittiwakeError `pack_corrupt` unless what is left is the checksum of what was passed */
  finish(): ScannedPackFile {
    this.#table.setOffset(this.#table.count, this.#offset);
    if (this.#offset !== this.#end) throw packCorrupt('bytes follow its last entry');
    if (!this.#sha.digest().equals(this.#file.read(this.#end, this.#file.size)))
      throw packCorrupt('its checksum does not match');
    return { table: this.#table, refDeltas: this.#refDeltas };
  }

  #setBase(number: number, header: DeltaEntryHeader, offset: number): void {
    if (header.kind === 'ref-delta') {
      this.#refDeltas.push({ number, base: header.base });
      return;
    }
    const base = this.#table.at(offset - header.distance, number);
    if (base < 0) throw packCorrupt(`the delta at byte ${offset} has no base`);
    this.#table.setBase(number, base);
  }

  #inflated(header: EntryHeader): { bytes: Buffer; consumed: number } {
    for (let wanted = MAX_ENTRY_HEADER_BYTES; ; wanted *= 2) {
      const ahead = this.#ahead(wanted);
      const found = inflateFront(ahead.subarray(header.length), header.size, this.#maxObjectBytes);
      if (found !== undefined) return found;
      const isAll = this.#offset + ahead.length >= this.#end;
      if (isAll || ahead.length > 2 * header.size + WINDOW_BYTES)
        throw packCorrupt(`the entry at byte ${this.#offset} does not end`);
      wanted = Math.max(wanted, ahead.length);
    }
  }

  /** At least `count` bytes from where the scan is, if the pack has as many before its checksum. */
  #ahead(count: number): Buffer {
    const { start, bytes } = this.#window;
    const ends = start + bytes.length;
    if (this.#offset + count > ends && ends < this.#end) {
      const end = Math.min(this.#end, this.#offset + Math.max(count, WINDOW_BYTES));
      const fits = end - this.#offset <= WINDOW_BYTES;
      const into = fits ? this.#buffer : undefined;
      this.#window = { start: this.#offset, bytes: this.#file.read(this.#offset, end, into) };
    }
    return this.#window.bytes.subarray(this.#offset - this.#window.start);
  }

  async #passLarge(number: number, header: EntryHeader): Promise<void> {
    const id = createHash('sha1').update(`blob ${header.size}\0`);
    const start = this.#offset + header.length;
    const { chunks, consumed } = inflatedRange(this.#file, start, this.#end);
    let size = 0;
    for await (const chunk of chunks) {
      id.update(chunk);
      size += chunk.length;
      if (size > header.size) break;
    }
    if (size !== header.size)
      throw packCorrupt(`an entry inflates to ${size} bytes instead of ${header.size}`);
    this.#table.resolve(number, 'blob', id.digest('hex'));
    this.#pass(header.length + consumed());
  }

  #pass(bytes: number): void {
    const end = this.#offset + bytes;
    if (end > this.#end) throw packCorrupt(`it ends at byte ${this.#end}`);
    while (this.#offset < end) {
      const piece = this.#ahead(Math.min(WINDOW_BYTES, end - this.#offset)).subarray(0, end - this.#offset);
      this.#sha.update(piece);
      this.#offset += piece.length;
    }
  }
}

/**
 * The content of a zlib stream that begins at `start`, in pieces. `consumed` tells how many bytes it took, once all was taken.
 * @throws KittiwakeError `pack_corrupt`
 */
export function inflatedRange(
  file: PackFile,
  start: number,
  end: number,
): { chunks: AsyncIterable<Buffer>; consumed: () => number } {
  const inflate = createInflate({ chunkSize: 128 << 10 });
  async function* ranges() {
    for (let at = start; at < end && !inflate.readableEnded && !inflate.destroyed; at += WINDOW_BYTES)
      yield file.read(at, Math.min(end, at + WINDOW_BYTES));
  }
  async function* chunks() {
    try {
      yield* through(ranges(), inflate);
    } catch (error) {
      throw packCorrupt('an entry does not inflate to what its header promises', error);
    }
  }
  return { chunks: chunks(), consumed: () => inflate.bytesWritten };
}

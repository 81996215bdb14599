import { createHash, hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type DeflateMany, deflateMany } from '../object/deflate-many.ts';
import type { Oid } from '../object/objects.ts';
import { BlobTable } from './blob-table.ts';
import { MAX_ENTRY_HEADER_BYTES, PACK_HEADER_BYTES } from './pack-entry.ts';
import { encodeIndexTable } from './pack-index.ts';

/** Room for the header of git's hash: `blob `, up to 16 digits and NUL. */
const HEADER_ROOM = 24;
const CHUNK_BYTES = 1 << 20;
/** Room for a content; more is given back at the end of a pack. */
const SCRATCH_BYTES = 256 << 10;
/** Of a UTF-16 unit in UTF-8. */
const MAX_UNIT_BYTES = 3;

/** A content with its id. The bytes are good until the next call of {@link BlobBatch.hash}. */
export interface HashedBlob {
  oid: Oid;
  bytes: Buffer;
}

/** The pack of many blobs with its index. All of its buffers own their memory, which may be transferred. */
export interface BlobBatchPack {
  pack: Buffer[];
  index: Buffer;
  objects: number;
}

/**
 * Makes one pack of very many small blobs, in memory. Each part of the work is done in place: a content is encoded once, behind the room
 * for the header that is hashed with it, and deflated to where it stays. `PackWriter` does the same for objects of all kinds, and takes
 * half again as long.
 */
export class BlobBatch {
  readonly #deflate: DeflateMany = deflateMany();
  readonly #table = new BlobTable();
  readonly #full: Buffer[] = [];
  #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #used = PACK_HEADER_BYTES;
  /** Of the pack, where the chunk begins. */
  #start = 0;
  #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  /** The id of a content. Texts must be well-formed. */
  hash(content: string | Uint8Array): HashedBlob {
    const most = HEADER_ROOM + mostBytes(content);
    if (this.#scratch.length < most) this.#scratch = Buffer.allocUnsafeSlow(most);
    const scratch = this.#scratch;
    const length = typeof content === 'string' ? scratch.write(content, HEADER_ROOM) : content.length;
    if (typeof content !== 'string') scratch.set(content, HEADER_ROOM);
    const header = `blob ${length}\0`;
    const start = HEADER_ROOM - header.length;
    scratch.write(header, start, 'latin1');
    const end = HEADER_ROOM + length;
    return { oid: hash('sha1', scratch.subarray(start, end)), bytes: scratch.subarray(HEADER_ROOM, end) };
  }

  /** Adds a content unless it is there, and answers where it lies. */
  add({ oid, bytes }: HashedBlob): { offset: number; length: number } {
    const { row, isNew } = this.#table.rowOf(oid);
    if (!isNew) return this.#table.place(row);
    this.#reserve(MAX_ENTRY_HEADER_BYTES + this.#deflate.maxBytes(bytes.length));
    const chunk = this.#chunk;
    const begin = this.#used;
    const end = this.#deflate.into(bytes, chunk, writeHeader(chunk, begin, bytes.length));
    this.#used = end;
    const place = { offset: this.#start + begin, length: end - begin };
    this.#table.set(row, place.offset, place.length, crc32(chunk.subarray(begin, end)));
    return place;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#chunk.length) return;
    this.#full.push(this.#chunk.subarray(0, this.#used));
    this.#start += this.#used;
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes));
    this.#used = 0;
  }

  /** Undefined where nothing was added. The batch is empty afterwards. */
  finish(): BlobBatchPack | undefined {
    const { count } = this.#table;
    if (count === 0) return undefined;
    const chunks = [...this.#full, this.#chunk.subarray(0, this.#used)];
    const first = chunks[0] as Buffer;
    first.write('PACK', 0, 'latin1');
    first.writeUInt32BE(2, 4);
    first.writeUInt32BE(count, 8);
    const sha = createHash('sha1');
    for (const chunk of chunks) sha.update(chunk);
    const trailer = Buffer.allocUnsafeSlow(20);
    trailer.set(sha.digest());
    const index = encodeIndexTable(this.#table, trailer);
    this.#clear();
    return { pack: [...chunks, trailer], index, objects: count };
  }

  #clear(): void {
    this.#table.clear();
    this.#full.length = 0;
    this.#chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#used = PACK_HEADER_BYTES;
    this.#start = 0;
    if (this.#scratch.length > SCRATCH_BYTES) this.#scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  }
}

function mostBytes(content: string | Uint8Array): number {
  if (typeof content !== 'string') return content.length;
  // To count takes longer than to have room for all that might be, but where that is much.
  return content.length > SCRATCH_BYTES / 8 ? Buffer.byteLength(content) : content.length * MAX_UNIT_BYTES;
}

const BLOB = 3;

/** What `encodeEntryHeader` makes of a blob, in place. Returns where it ends. */
function writeHeader(chunk: Buffer, start: number, size: number): number {
  let at = start;
  let byte = (BLOB << 4) | (size % 16);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    chunk[at++] = byte | 0x80;
    byte = rest % 128;
  }
  chunk[at++] = byte;
  return at;
}

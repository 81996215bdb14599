import { crc32 } from 'node:zlib';
import { ByteReader, type ByteWriter } from '../byte-codec.ts';
import type { BulkRow } from './bulk-run.ts';
import { runCorrupt } from './errors.ts';

/**
 * A run as stored: blocks of rows, one behind the other. A block: u32 length of its rows, u32 CRC-32 of them, the rows. A row: length
 * of the path, path, 20 bytes of id, size, flags; offset and length in the pack when flagged; description, number of targets and
 * targets when flagged; source; row. Numbers are LEB128 but for those of the block, which are big-endian.
 */
export const BLOCK_HEADER_BYTES = 8;
/** Of the rows of a block, at least, but of the last one. */
export const BLOCK_BYTES = 32 << 10;
export const OID_BYTES = 20;
export const HAS_PLACE = 1;
export const HAS_DESCRIPTION = 2;
export const HAS_TARGETS = 4;

/** Appends a row, without its block. */
export function writeRunRow(writer: ByteWriter, row: BulkRow): void {
  const { place, description, targets } = row;
  writer.string(row.path).hex(row.oid).uint(row.size);
  writer.byte(
    (place ? HAS_PLACE : 0) |
      (description === undefined ? 0 : HAS_DESCRIPTION) |
      (targets.length > 0 ? HAS_TARGETS : 0),
  );
  if (place) writer.uint(place.offset).uint(place.length);
  if (description !== undefined) writer.string(description);
  if (targets.length > 0) {
    writer.uint(targets.length);
    for (const target of targets) writer.string(target);
  }
  writer.uint(row.source).uint(row.row);
}

/** The first row of `bytes`, and where the next one begins. */
export function readRunRow(bytes: Buffer, start = 0): { row: BulkRow; end: number } {
  const reader = new ByteReader(bytes, start);
  const [path, oid, size, flags] = [reader.string(), reader.hex(OID_BYTES), reader.uint(), reader.byte()];
  const place = flags & HAS_PLACE ? { offset: reader.uint(), length: reader.uint() } : undefined;
  const description = flags & HAS_DESCRIPTION ? reader.string() : undefined;
  const targets = flags & HAS_TARGETS ? Array.from({ length: reader.uint() }, () => reader.string()) : [];
  const [source, row] = [reader.uint(), reader.uint()];
  return {
    row: { path, oid, size, place, description, targets, source, row },
    end: reader.position,
  };
}

/** The bytes of a run from `start` up to `end` (exclusive). */
export type ReadRun = (start: number, end: number) => Promise<Buffer>;

/**
 * The rows of a run as buffers of whole rows, about `windowBytes` each; the next one is read while one is worked on.
 * @throws KittiwakeError `bytes_corrupt`
 */
export async function* runWindows(
  run: { key: string; bytes: number },
  read: ReadRun,
  windowBytes = 256 << 10,
): AsyncGenerator<Buffer> {
  const fetch = (at: number, length: number) => {
    const reading = at < run.bytes ? read(at, Math.min(run.bytes, at + length)) : undefined;
    // The caller may stop before it asks for it.
    reading?.catch(() => {});
    return reading;
  };
  let rest: Buffer = Buffer.alloc(0);
  let next = fetch(0, windowBytes);
  for (let at = 0; next; ) {
    const got = await next;
    if (got.length === 0) break;
    at += got.length;
    const torn = Math.min(got.length, missingOf(rest, got));
    const first = torn > 0 ? Buffer.concat([rest, got.subarray(0, torn)]) : rest;
    const firstEnd = wholeBlocks(first, 0);
    const end = wholeBlocks(got, torn);
    rest = firstEnd < first.length ? first : got.subarray(end);
    next = fetch(at, Math.max(windowBytes, missingBytes(rest)));
    yield* openBlocks(run.key, first, 0, firstEnd);
    yield* openBlocks(run.key, got, torn, end);
  }
  if (rest.length > 0) throw runCorrupt(run.key, 'it ends within a block');
}

/** How many of the bytes of `got` belong to the block that `rest` begins. */
function missingOf(rest: Buffer, got: Buffer): number {
  if (rest.length === 0) return 0;
  if (rest.length >= BLOCK_HEADER_BYTES) return missingBytes(rest);
  const header = Buffer.concat([rest, got.subarray(0, BLOCK_HEADER_BYTES)]);
  return header.length < BLOCK_HEADER_BYTES ? got.length : missingBytes(header) + header.length - rest.length;
}

/** Where the last block from `start` on that is there as a whole ends. */
function wholeBlocks(bytes: Buffer, start: number): number {
  let end = start;
  while (end + BLOCK_HEADER_BYTES <= bytes.length) {
    const next = end + BLOCK_HEADER_BYTES + bytes.readUInt32BE(end);
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}

function missingBytes(rest: Buffer): number {
  if (rest.length < BLOCK_HEADER_BYTES) return 0;
  return BLOCK_HEADER_BYTES + rest.readUInt32BE(0) - rest.length;
}

function* openBlocks(key: string, bytes: Buffer, from: number, end: number): Generator<Buffer> {
  for (let at = from; at < end; ) {
    const start = at + BLOCK_HEADER_BYTES;
    const rows = bytes.subarray(start, start + bytes.readUInt32BE(at));
    if (crc32(rows) !== bytes.readUInt32BE(at + 4)) throw runCorrupt(key, `a wrong checksum at ${at}`);
    yield rows;
    at = start + rows.length;
  }
}

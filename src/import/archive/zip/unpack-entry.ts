import { Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { readRanges } from '../../../git/large/byte-ranges.ts';
import { sourceUnsafe } from '../../source/errors.ts';
import { entryCorrupt } from '../errors.ts';
import type { Container, TableRow } from './zip-table.ts';

const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04034b50;
const LARGEST_RATIO = 1032;

/** All bytes of an entry. @throws KittiwakeError `entry_corrupt`, `source_unsafe` */
export async function unpackEntry(row: TableRow, container: Container): Promise<Buffer> {
  const start = await dataStart(row, container);
  const packed = await container.window.read(start, start + row.stored);
  if (packed.length < row.stored) throw entryCorrupt('the archive ends within it');
  const bytes = row.isDeflated ? inflate(packed, row) : Buffer.from(packed);
  if (bytes.length !== row.size || crc32(bytes) !== row.crc) throw differs();
  return bytes;
}

/** The same in pieces of some 64 KiB; that they are what the directory says is known with the last. */
export async function* unpackInPieces(row: TableRow, container: Container): AsyncGenerator<Uint8Array> {
  const start = await dataStart(row, container);
  const packed = readRanges((from, to) => container.file.read(from, to), start, start + row.stored);
  let [length, crc] = [0, 0];
  for await (const piece of row.isDeflated ? inflated(packed) : packed) {
    length += piece.length;
    if (length > row.size) throw differs();
    crc = crc32(piece, crc);
    yield piece;
  }
  if (length !== row.size || crc !== row.crc) throw differs();
}

/** Behind the local header (APPNOTE 4.3.7), which alone tells how long its extra field is. */
export async function dataStart(
  { offset, stored }: TableRow,
  { file, window, starts }: Container,
): Promise<number> {
  const header = await window.read(offset, offset + HEADER_BYTES);
  if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== HEADER_SIGNATURE)
    throw entryCorrupt(`no entry begins at byte ${offset}`);
  const start = offset + HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const limit = nextStart(starts, offset);
  if (start + stored > limit) throw sourceUnsafe(file.name, `the entry at byte ${offset} overlaps the next`);
  return start;
}

function nextStart(starts: Float64Array, offset: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return starts[low] ?? 0;
}

function inflate(packed: Buffer, row: TableRow): Buffer {
  // No deflated text is shorter: nothing is set aside for what a directory merely claims.
  if (row.size > packed.length * LARGEST_RATIO + 64) throw differs();
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, row.size) });
  } catch (cause) {
    throw entryCorrupt('it does not inflate to what the directory says', cause);
  }
}

async function* inflated(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = Readable.from(packed, { objectMode: true, highWaterMark: 1 });
  const inflater = createInflateRaw({ chunkSize: 64 << 10 });
  input.on('error', error => inflater.destroy(error));
  try {
    yield* input.pipe(inflater);
  } catch (cause) {
    const isZlib = cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
    throw isZlib ? entryCorrupt('it does not inflate', cause) : cause;
  } finally {
    input.destroy();
    inflater.destroy();
  }
}

function differs(): Error {
  return entryCorrupt('its bytes are not those that the directory says (length or CRC-32)');
}

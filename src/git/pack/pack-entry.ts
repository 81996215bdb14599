import { constants, inflateSync } from 'node:zlib';
import { packCorrupt } from '../errors.ts';
import type { ObjectType, Oid } from '../object/objects.ts';

/** An object in a pack. Format of packs and entries: gitformat-pack(5). */
export interface PackEntry {
  oid: Oid;
  /** From the pack's start. */
  offset: number;
  /** Of the whole entry, its header included. */
  length: number;
  /** CRC-32 of the whole entry. */
  crc: number;
  /** Of the object, also where the entry is a delta. */
  type: ObjectType;
  /** What the entry is a delta against; absent when it lies whole. */
  base?: Oid;
}

/** The header of an entry. `size` is that of the inflated payload: for a delta not the object's. */
export type EntryHeader = {
  size: number;
  /** Bytes before the payload. */
  length: number;
} & (
  | { kind: ObjectType }
  | { kind: 'ofs-delta' /** How far before the entry its base begins. */; distance: number }
  | { kind: 'ref-delta'; base: Oid }
);

export type DeltaEntryHeader = Extract<EntryHeader, { kind: 'ofs-delta' | 'ref-delta' }>;

export const PACK_HEADER_BYTES = 12;
export const TRAILER_BYTES = 20;
/** No entry header is longer: 10 bytes of size and a distance of 10 or an id of 20. */
export const MAX_ENTRY_HEADER_BYTES = 32;
/** Objects above this are refused unless told otherwise. */
export const DEFAULT_MAX_OBJECT_BYTES = 256 << 20;

const KINDS = [undefined, 'commit', 'tree', 'blob', 'tag', undefined, 'ofs-delta', 'ref-delta'] as const;
/** Deflate makes at most this many bytes of one. */
const MAX_EXPANSION = 1032;

export function encodeEntryHeader(kind: ObjectType | 'ofs-delta', size: number, distance = 0): Buffer {
  const bytes: number[] = [];
  let rest = Math.floor(size / 16);
  let byte = (KINDS.indexOf(kind) << 4) | (size % 16);
  for (; rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 0x80);
    byte = rest % 128;
  }
  bytes.push(byte);
  if (kind === 'ofs-delta') bytes.push(...encodeDistance(distance));
  return Buffer.from(bytes);
}

function encodeDistance(distance: number): number[] {
  const bytes = [distance % 128];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift((rest % 128) | 0x80);
  }
  return bytes;
}

/**
 * Reads the header of the entry that begins at `start`.
 * @throws KittiwakeError `pack_corrupt`
 */
export function readEntryHeader(bytes: Buffer, start = 0): EntryHeader {
  let byte = byteAt(bytes, start);
  const kind = KINDS[(byte >> 4) & 7];
  let [size, scale, at] = [byte & 15, 16, start + 1];
  for (; byte & 0x80; at += 1, scale *= 128) {
    byte = byteAt(bytes, at);
    size += (byte & 0x7f) * scale;
    if (size > Number.MAX_SAFE_INTEGER) throw packCorrupt('the size of an entry is too large');
  }
  if (kind === undefined) throw packCorrupt('an entry has an unknown type');
  if (kind === 'ofs-delta') return { kind, size, ...readDistance(bytes, at, start) };
  if (kind !== 'ref-delta') return { kind, size, length: at - start };
  if (at + 20 > bytes.length) throw packCorrupt('the header of an entry is cut off');
  return { kind, size, base: bytes.toString('hex', at, at + 20), length: at + 20 - start };
}

function readDistance(
  bytes: Buffer,
  start: number,
  entryStart: number,
): { distance: number; length: number } {
  let at = start;
  let byte = byteAt(bytes, at++);
  let distance = byte & 0x7f;
  while (byte & 0x80) {
    byte = byteAt(bytes, at++);
    distance = (distance + 1) * 128 + (byte & 0x7f);
    if (distance > Number.MAX_SAFE_INTEGER) throw packCorrupt('the base of a delta is too far away');
  }
  if (distance === 0) throw packCorrupt('a delta names itself as its base');
  return { distance, length: at - entryStart };
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw packCorrupt('the header of an entry is cut off');
  return byte;
}

export function isDelta(header: EntryHeader): header is DeltaEntryHeader {
  return header.kind === 'ofs-delta' || header.kind === 'ref-delta';
}

/**
 * Inflates a payload whose size is known. Takes no more memory than that size, and none for a size that so few bytes
 * cannot have.
 * @throws KittiwakeError `pack_corrupt`
 */
export function inflateExactly(deflated: Buffer, size: number, maxBytes = DEFAULT_MAX_OBJECT_BYTES): Buffer {
  checkSize(size, deflated.length, maxBytes);
  const bytes = inflate(deflated, size).buffer;
  if (bytes.length !== size)
    throw packCorrupt(`an entry inflates to ${bytes.length} bytes instead of ${size}`);
  return bytes;
}

function checkSize(size: number, deflatedLength: number, maxBytes: number): void {
  if (size > maxBytes) throw packCorrupt(`an entry has ${size} bytes, the limit is ${maxBytes}`);
  if (size > deflatedLength * MAX_EXPANSION) {
    throw packCorrupt(`an entry of ${deflatedLength} bytes cannot inflate to ${size}`);
  }
}

function inflate(deflated: Buffer, size: number): { buffer: Buffer; engine: { bytesWritten: number } } {
  const room = { maxOutputLength: Math.max(size, 1), chunkSize: Math.max(size + 1, 64) };
  try {
    // `info` is what the types of Node leave out.
    return inflateSync(deflated, { ...room, info: true }) as never;
  } catch (cause) {
    throw packCorrupt('an entry does not inflate to what its header promises', cause);
  }
}

/**
 * Inflates a payload of known size whose end is not known.
 * @returns its bytes, and how many deflated ones it took; undefined when they may go on behind `deflated`
 * @throws KittiwakeError `pack_corrupt`
 */
export function inflateFront(
  deflated: Buffer,
  size: number,
  maxBytes = DEFAULT_MAX_OBJECT_BYTES,
): { bytes: Buffer; consumed: number } | undefined {
  if (size > maxBytes) throw packCorrupt(`an entry has ${size} bytes, the limit is ${maxBytes}`);
  if (size > deflated.length * MAX_EXPANSION) return undefined;
  try {
    const { buffer, engine } = inflate(deflated, size);
    if (buffer.length !== size)
      throw packCorrupt(`an entry inflates to ${buffer.length} bytes instead of ${size}`);
    return { bytes: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    if (isCutOff(error)) return undefined;
    throw error;
  }
}

function isCutOff(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'Z_BUF_ERROR';
}

/** The first bytes of a payload, as many as the given deflated ones hold. */
export function inflatePart(deflated: Buffer): Buffer {
  try {
    return inflateSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw packCorrupt('an entry does not inflate', cause);
  }
}

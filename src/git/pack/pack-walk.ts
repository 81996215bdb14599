import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { packCorrupt } from '../errors.ts';
import type { EntryHeader } from './pack-entry.ts';
import { inflateFront, PACK_HEADER_BYTES, readEntryHeader, TRAILER_BYTES } from './pack-entry.ts';

export interface ScanOptions {
  /** Larger objects, and deltas, are refused. Default 256 MiB. */
  maxObjectBytes?: number;
}

/** An entry as it lies in the pack. */
export interface ScannedEntry {
  offset: number;
  /** Of the whole entry. */
  length: number;
  crc: number;
  header: EntryHeader;
  /** Inflated: the object, or the delta. */
  payload: Buffer;
}

/**
 * The entries of a pack that has no index, in the pack's order. The pack's checksum is compared first.
 * @throws KittiwakeError `pack_corrupt`
 */
export function* walkPack(pack: Buffer, options: ScanOptions = {}): Generator<ScannedEntry> {
  const count = readPackHeader(pack);
  const end = pack.length - TRAILER_BYTES;
  const sha = createHash('sha1')
    .update(pack.subarray(0, Math.max(end, 0)))
    .digest();
  if (end < PACK_HEADER_BYTES || !sha.equals(pack.subarray(end)))
    throw packCorrupt('its checksum does not match');
  let offset = PACK_HEADER_BYTES;
  for (let i = 0; i < count; i += 1) {
    const entry = entryAt(pack, offset, end, options.maxObjectBytes);
    yield entry;
    offset += entry.length;
  }
  if (offset !== end) throw packCorrupt('bytes follow its last entry');
}

/** Reads the entry at `offset`, which ends somewhere before `end`. */
export function entryAt(pack: Buffer, offset: number, end: number, maxBytes?: number): ScannedEntry {
  const rest = pack.subarray(offset, end);
  const header = readEntryHeader(rest);
  const inflated = inflateFront(rest.subarray(header.length), header.size, maxBytes);
  if (!inflated) throw packCorrupt(`the entry at byte ${offset} does not end`);
  const length = header.length + inflated.consumed;
  return { offset, length, crc: crc32(rest.subarray(0, length)), header, payload: inflated.bytes };
}

/** Number of entries. */
export function readPackHeader(bytes: Buffer): number {
  if (bytes.length < PACK_HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'PACK')
    throw packCorrupt('it is no git pack');
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3)
    throw packCorrupt(`its version is ${version}, this release knows 2 and 3`);
  return bytes.readUInt32BE(8);
}

import { crc32 } from 'node:zlib';
import { ByteReader, ByteWriter } from '../byte-codec.ts';
import { mapCorrupt } from '../errors.ts';
import type { Oid } from '../object/objects.ts';
import type { Place } from '../pack/place.ts';

/**
 * A map file: for each section its blocks, one after another; then a copy of the {@link MapIndex} as JSON, and a trailer:
 * u32 length and u32 CRC-32 of that JSON, "KWMAP001". Numbers are big-endian.
 *
 * The index is all that is needed to find a block; it is kept in the ledger, and so it is small: of each block only the
 * length and the shortest key that separates it from the one before.
 */
export interface MapIndex {
  /** 2: with `own`, or with commits of whose changes some are omitted. */
  format: 1 | 2;
  /** Bytes of all sections: where the copy of the index begins. */
  bytes: number;
  /** Names of the packs that rows point into; rows hold a position in this table. */
  packs: readonly string[];
  /** Commits of this map. */
  logLength: number;
  /** The commit of all rows that name none: told here, it need not be known while the map is written. */
  own?: OwnCommit;
  /** Sections without entries are absent. */
  sections: { readonly [Name in MapSectionName]?: MapSectionIndex };
}

/** A commit of very many files, all of which the map has rows of; they stand for its touches, too. It is in the log of another map. */
export interface OwnCommit {
  oid: Oid;
  ordinal: number;
  /** Author time. */
  seconds: number;
  offsetMinutes: number;
  place?: Place;
  /** Paths of rows that the commit did not touch after all: a map above tells of them. */
  without?: readonly string[];
}

/** Sections in the order of their numbers and of the file. */
export const MAP_SECTIONS = [
  'rows',
  'descriptions',
  'links',
  'log',
  'changes',
  'touches',
  'commits',
] as const;

export type MapSectionName = (typeof MAP_SECTIONS)[number];

export interface MapSectionIndex {
  /** In bytes from the start of the file. */
  start: number;
  /** Entries. */
  count: number;
  /** Base64 of {@link packBlocks}. */
  blocks: string;
}

/** Where a block lies, and a key that is above all of the block before and not above the block's first. */
export interface BlockRef {
  bytes: number;
  separator: Buffer;
}

/** Per block: its length, how many bytes of the separator are those of the one before, the length of the rest, the rest. */
export function packBlocks(blocks: readonly BlockRef[]): string {
  const writer = new ByteWriter();
  let previous: Buffer = Buffer.alloc(0);
  for (const { bytes, separator } of blocks) {
    const shared = sharedLength(previous, separator);
    writer.uint(bytes).uint(shared).bytes(separator.subarray(shared));
    previous = separator;
  }
  return writer.finish().toString('base64');
}

/** The inverse of {@link packBlocks}. @throws KittiwakeError `bytes_corrupt` */
export function unpackBlocks(packed: string): BlockRef[] {
  const reader = new ByteReader(Buffer.from(packed, 'base64'));
  const blocks: BlockRef[] = [];
  let previous: Buffer = Buffer.alloc(0);
  while (!reader.done) {
    const bytes = reader.uint();
    const shared = reader.uint();
    const separator = Buffer.concat([previous.subarray(0, shared), reader.bytes()]);
    blocks.push({ bytes, separator });
    previous = separator;
  }
  return blocks;
}

/** Number of bytes at the start that two keys have in common. */
export function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at += 1;
  return at;
}

const MAGIC = Buffer.from('KWMAP001');
const TRAILER_BYTES = 8 + MAGIC.length;

/** What ends a map file. */
export function encodeMapEnd(index: MapIndex): Buffer {
  const json = Buffer.from(JSON.stringify(index));
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(json.length, 0);
  numbers.writeUInt32BE(crc32(json), 4);
  return Buffer.concat([json, numbers, MAGIC]);
}

/**
 * The index from the last bytes of a map file; or, when they are too few, how many bytes are needed. `map` names the file
 * in errors.
 * @throws KittiwakeError `map_corrupt`
 */
export function readMapIndex(tail: Buffer, map: string): MapIndex | { neededBytes: number } {
  if (tail.length < TRAILER_BYTES) return { neededBytes: TRAILER_BYTES };
  const trailer = tail.length - TRAILER_BYTES;
  if (!tail.subarray(trailer + 8).equals(MAGIC)) throw mapCorrupt(map, 'index', 'another ending');
  const length = tail.readUInt32BE(trailer);
  if (length > trailer) return { neededBytes: length + TRAILER_BYTES };
  const json = tail.subarray(trailer - length, trailer);
  if (crc32(json) !== tail.readUInt32BE(trailer + 4)) throw mapCorrupt(map, 'index', 'a wrong checksum');
  return JSON.parse(json.toString()) as MapIndex;
}

import type { ByteReader, ByteWriter } from '../byte-codec.ts';
import type { CommitRow, FileRow, LogRow, Place, Row } from '../layer/layer.ts';
import { MODE_FILE } from '../object/objects.ts';
import type { Touch } from '../repository.ts';
import type { MapIndex, OwnCommit } from './map-index.ts';

/** Values of map entries. Names and paths that are in the key are not repeated. */

type Touched = Pick<FileRow, 'commit' | 'ordinal' | 'seconds' | 'offsetMinutes' | 'commitPlace'>;

const OID_BYTES = 20;
const KIND_BITS = 0b11;
const GONE = 0;
export const FOLDER = 1;
export const FILE = 2;
export const HAS_PLACE = 0b0100;
const HAS_COMMIT_PLACE = 0b1000;
const HAS_MODE = 0b10000;
/** Of the commit that the index tells of: neither id, ordinal nor time follow. */
export const OWN = 0b100000;

/** Flags; then of a folder its id; of a file: id, mode unless usual, size, commit, ordinal, time, places. */
export function writeRow(writer: ByteWriter, row: Row, packNumber: (name: string) => number): void {
  if (row.kind === 'gone') writer.byte(GONE);
  else if (row.kind === 'folder') writer.byte(FOLDER).hex(row.oid);
  else {
    const { place, commitPlace } = row;
    const usual = row.mode === MODE_FILE;
    writer.byte(
      FILE | (place ? HAS_PLACE : 0) | (commitPlace ? HAS_COMMIT_PLACE : 0) | (usual ? 0 : HAS_MODE),
    );
    writer.hex(row.oid);
    if (!usual) writer.uint(row.mode);
    writer.uint(row.size).hex(row.commit).int(row.ordinal).int(row.seconds).int(row.offsetMinutes);
    if (place) writePlace(writer, place, packNumber);
    if (commitPlace) writePlace(writer, commitPlace, packNumber);
  }
}

export function readRow(
  reader: ByteReader,
  name: (kind: Row['kind']) => string,
  { packs, own }: Pick<MapIndex, 'packs' | 'own'>,
): Row {
  const flags = reader.byte();
  const kind = flags & KIND_BITS;
  if (kind === GONE) return { kind: 'gone', name: name('gone') };
  const oid = reader.hex(OID_BYTES);
  if (kind === FOLDER) return { kind: 'folder', name: name('folder'), oid };
  const mode = flags & HAS_MODE ? reader.uint() : MODE_FILE;
  const size = reader.uint();
  const touch = flags & OWN ? ownTouch(own) : readTouch(reader);
  const row: Row = { kind: 'file', name: name('file'), mode, oid, size, ...touch };
  if (flags & HAS_PLACE) row.place = readPlace(reader, packs);
  if (flags & HAS_COMMIT_PLACE) row.commitPlace = readPlace(reader, packs);
  return row;
}

function readTouch(reader: ByteReader): Touched {
  const commit = reader.hex(OID_BYTES);
  const ordinal = reader.int();
  const seconds = reader.int();
  return { commit, ordinal, seconds, offsetMinutes: reader.int() };
}

function ownTouch(own: OwnCommit | undefined): Touched {
  if (!own) throw new Error('a row of a commit that the index lacks');
  const { oid, ordinal, seconds, offsetMinutes, place } = own;
  return { commit: oid, ordinal, seconds, offsetMinutes, ...(place && { commitPlace: place }) };
}

function writePlace(writer: ByteWriter, place: Place, packNumber: (name: string) => number): void {
  writer.uint(packNumber(place.pack)).uint(place.offset).uint(place.length);
}

function readPlace(reader: ByteReader, packs: readonly string[]): Place {
  const pack = packs[reader.uint()];
  if (pack === undefined) throw new Error(`a pack beyond the ${packs.length} of the index`);
  return { pack, offset: reader.uint(), length: reader.uint() };
}

/** One byte that tells whether there is a description, then it. */
export function writeDescription(writer: ByteWriter, json: string | null): void {
  writer.byte(json === null ? 0 : 1);
  if (json !== null) writer.string(json);
}

export function readDescription(reader: ByteReader): string | null {
  return reader.byte() === 0 ? null : reader.string();
}

export function writeCommit(writer: ByteWriter, row: CommitRow): void {
  writer.hex(row.oid).int(row.ordinal).bytes(row.bytes);
}

export function readCommit(reader: ByteReader): CommitRow {
  return { oid: reader.hex(OID_BYTES), ordinal: reader.int(), bytes: Buffer.from(reader.bytes()) };
}

type Changes = Pick<LogRow, 'changes' | 'omitted'>;

/** Number of changes, then path, which ids follow, ids of each; how many more there were, if any. */
export function writeChanges(writer: ByteWriter, { changes, omitted = 0 }: Changes): void {
  writer.uint(changes.length);
  for (const { path, oid, before } of changes) {
    writer.string(path).byte((oid === null ? 0 : 1) | (before === null ? 0 : 2));
    if (oid !== null) writer.hex(oid);
    if (before !== null) writer.hex(before);
  }
  if (omitted > 0) writer.uint(omitted);
}

export function readChanges(reader: ByteReader): Changes {
  const changes = Array.from({ length: reader.uint() }, () => {
    const path = reader.string();
    const flags = reader.byte();
    const oid = flags & 1 ? reader.hex(OID_BYTES) : null;
    return { path, oid, before: flags & 2 ? reader.hex(OID_BYTES) : null };
  });
  return reader.done ? { changes } : { changes, omitted: reader.uint() };
}

export function writeTouches(writer: ByteWriter, touches: readonly Touch[]): void {
  writer.uint(touches.length);
  for (const { commit, ordinal, oid } of touches) {
    writer
      .hex(commit)
      .int(ordinal)
      .byte(oid === null ? 0 : 1);
    if (oid !== null) writer.hex(oid);
  }
}

export function readTouches(reader: ByteReader): Touch[] {
  return Array.from({ length: reader.uint() }, () => {
    const commit = reader.hex(OID_BYTES);
    const ordinal = reader.int();
    return { commit, ordinal, oid: reader.byte() === 0 ? null : reader.hex(OID_BYTES) };
  });
}

import { ByteReader, ByteWriter } from '../byte-codec.ts';
import type { Place } from '../layer/layer.ts';
import type { Oid } from '../object/objects.ts';

/**
 * One entry of a ledger's journal: a commit with everything it brought, or an idempotency record alone. Trees are not
 * stored: the changed rows name each new tree's id, and its bytes follow from the folder's rows (see journal.ts).
 */
export interface JournalEntry {
  commit?: JournalCommit;
  record?: IdempotencyRecord;
}

export interface JournalCommit {
  oid: Oid;
  /** The commit object without git's header. */
  bytes: Buffer;
  /** Changed files in path order; `oid` null: removed. */
  files: readonly FileChange[];
  /** Changed folders with the ids of their new trees, `''` (the root) last; null: the folder is gone. */
  folders: readonly { path: string; oid: Oid | null }[];
  /** Blobs that no earlier commit is known to have. */
  blobs: readonly JournalBlob[];
  /**
   * Trees of changed folders as they were before the commit, so that a process that has nothing but the ledger can make the
   * next ones. Absent: none.
   */
  anchors?: readonly Anchor[];
}

export interface Anchor {
  path: string;
  /** The tree object's bytes as a zlib stream. */
  deflated: Buffer;
}

export type FileChange =
  | { path: string; oid: Oid; mode: number; size: number }
  | { path: string; oid: null; mode: 0; size: 0 };

export type JournalBlob =
  | { oid: Oid; size: number; encoding: 'raw' | 'zlib'; bytes: Buffer }
  /** Too large for the journal: it lies in a pack of its own that was written before the swap. */
  | { oid: Oid; size: number; encoding: 'pack'; place: Place; packBytes: number };

export interface IdempotencyRecord {
  /** First 16 bytes of the SHA-256 of wiki, principal and key, in hex. */
  key: string;
  /** First 16 bytes of the SHA-256 of method, path and body, in hex. */
  fingerprint: string;
  /** When it was made, in seconds since the epoch. */
  seconds: number;
  /** The result as JSON. */
  json: string;
}

const HAS_COMMIT = 1;
const HAS_RECORD = 2;
const HAS_ANCHORS = 4;
const ENCODINGS = ['raw', 'zlib', 'pack'] as const;

/** The entry's bytes, its length in front. */
export function encodeEntry(entry: JournalEntry): Buffer {
  const writer = new ByteWriter(1024);
  const anchors = entry.commit?.anchors ?? [];
  const flags = (entry.commit ? HAS_COMMIT : 0) | (entry.record ? HAS_RECORD : 0);
  writer.byte(flags | (anchors.length > 0 ? HAS_ANCHORS : 0));
  if (entry.commit) writeCommit(writer, entry.commit);
  if (anchors.length > 0) writer.uint(anchors.length);
  for (const { path, deflated } of anchors) writer.string(path).bytes(deflated);
  if (entry.record) {
    const { key, fingerprint, seconds, json } = entry.record;
    writer.hex(key).hex(fingerprint).uint(seconds).string(json);
  }
  const body = writer.finish();
  const head = new ByteWriter(8).uint(body.length).finish();
  return Buffer.concat([head, body]);
}

function writeCommit(writer: ByteWriter, commit: JournalCommit): void {
  writer.hex(commit.oid).bytes(commit.bytes);
  writer.uint(commit.files.length);
  for (const file of commit.files) {
    writer.string(file.path).uint(file.mode);
    if (file.oid !== null) writer.hex(file.oid).uint(file.size);
  }
  writer.uint(commit.folders.length);
  for (const folder of commit.folders) {
    writer.string(folder.path).byte(folder.oid === null ? 0 : 1);
    if (folder.oid !== null) writer.hex(folder.oid);
  }
  writer.uint(commit.blobs.length);
  for (const blob of commit.blobs) {
    writer.hex(blob.oid).uint(blob.size).byte(ENCODINGS.indexOf(blob.encoding));
    if (blob.encoding !== 'pack') writer.bytes(blob.bytes);
    else writer.string(blob.place.pack).uint(blob.place.offset).uint(blob.place.length).uint(blob.packBytes);
  }
}

/** Reads one entry; `reader` stands behind it afterwards. */
export function decodeEntry(reader: ByteReader): JournalEntry {
  const body = reader.bytes();
  const inner = new ByteReader(body);
  const flags = inner.byte();
  const entry: JournalEntry = {};
  if (flags & HAS_COMMIT) entry.commit = readCommit(inner);
  if (entry.commit && flags & HAS_ANCHORS) {
    entry.commit.anchors = list(inner, () => ({ path: inner.string(), deflated: inner.bytes() }));
  }
  if (flags & HAS_RECORD) {
    entry.record = {
      key: inner.hex(16),
      fingerprint: inner.hex(16),
      seconds: inner.uint(),
      json: inner.string(),
    };
  }
  return entry;
}

function readCommit(reader: ByteReader): JournalCommit {
  const oid = reader.hex(20);
  const bytes = reader.bytes();
  const files = list(reader, (): FileChange => {
    const path = reader.string();
    const mode = reader.uint();
    if (mode === 0) return { path, oid: null, mode: 0, size: 0 };
    return { path, mode, oid: reader.hex(20), size: reader.uint() };
  });
  const folders = list(reader, () => {
    const path = reader.string();
    return { path, oid: reader.byte() === 0 ? null : reader.hex(20) };
  });
  return { oid, bytes, files, folders, blobs: list(reader, () => readBlob(reader)) };
}

function readBlob(reader: ByteReader): JournalBlob {
  const oid = reader.hex(20);
  const size = reader.uint();
  const encoding = ENCODINGS[reader.byte()];
  if (encoding === 'raw' || encoding === 'zlib') return { oid, size, encoding, bytes: reader.bytes() };
  const place = { pack: reader.string(), offset: reader.uint(), length: reader.uint() };
  return { oid, size, encoding: 'pack', place, packBytes: reader.uint() };
}

function list<T>(reader: ByteReader, read: () => T): T[] {
  const items: T[] = [];
  for (let count = reader.uint(); count > 0; count -= 1) items.push(read());
  return items;
}

/** An index of one object: header, fan-out, one id, CRC and offset, two checksums (gitformat-pack). */
export const SINGLE_INDEX_BYTES = 8 + 1024 + 20 + 4 + 4 + 40;

import { crc32 } from 'node:zlib';
import type { Row } from '../layer/layer.ts';
import { decodeCommit } from '../object/object-codec.ts';
import type { Commit, Oid, Signature } from '../object/objects.ts';
import { splitPath } from '../object/paths.ts';
import type { IdempotencyRecord, JournalBlob, JournalCommit, JournalEntry } from './journal-entry.ts';
import { SINGLE_INDEX_BYTES } from './journal-entry.ts';

/** Where a journal begins: the commit before its first entry. */
export interface JournalBase {
  head: Oid | null;
  /** -1 without a commit. */
  ordinal: number;
  /** How often the journal was trimmed, or put on another base: two journals with the same number begin alike. */
  trims: number;
  /** `seq` of the ledger that was trimmed. */
  seq: number;
}

/** When a commit was written, by its author's clock. */
export type AuthorTime = Pick<Signature, 'seconds' | 'offsetMinutes'>;

/** A commit of the journal. */
export class IndexedCommit {
  /** The entry's position in the journal. */
  readonly at: number;
  readonly ordinal: number;
  readonly entry: JournalCommit;
  #commit: Commit | undefined;

  constructor(at: number, ordinal: number, entry: JournalCommit) {
    this.at = at;
    this.ordinal = ordinal;
    this.entry = entry;
  }

  /** Decoded when it is first asked for. @throws KittiwakeError `object_corrupt` */
  get commit(): Commit {
    this.#commit ??= decodeCommit(this.entry.bytes);
    return this.#commit;
  }
}

/** An entry with its bytes, and what is known of its commit without decoding it. */
export interface IndexedEntry {
  entry: JournalEntry;
  chunk: Buffer;
  author: AuthorTime | undefined;
}

/** A commit, by its position among the commits, that changed a file. */
export interface FileTouch {
  at: number;
  position: number;
  /** What the file holds afterwards; null: it is gone. */
  oid: Oid | null;
}

/** A value as of entry `at` and until a later one. */
export interface Version<T> {
  at: number;
  value: T;
}

/** So many pieces of a journal are joined. */
const JOINED = 32;

/** The growing index that journals share. Entries are only ever added. */
export class JournalIndex {
  readonly base: JournalBase;
  readonly commits: IndexedCommit[] = [];
  readonly positions = new Map<Oid, number>();
  readonly rows = new Map<string, Map<string, Version<Row>[]>>();
  readonly folders = new Map<string, Version<Oid | null>[]>();
  readonly touched = new Map<string, FileTouch[]>();
  readonly blobs = new Map<Oid, Version<JournalBlob>>();
  readonly trees = new Map<Oid, Version<string>>();
  /** By folder, as of before the entry. */
  readonly anchors = new Map<string, Version<Buffer>[]>();
  readonly records = new Map<string, Version<IdempotencyRecord>>();
  readonly #entries: (IndexedEntry & { end: number; largeBytes: number; crc: number | undefined })[] = [];
  #crcSeed = -1;
  /** The first entries, joined: blocks of {@link JOINED} and more, each with the number of entries up to its end. */
  #blocks: { end: number; bytes: Buffer }[] = [];

  constructor(base: JournalBase) {
    this.base = base;
  }

  get length(): number {
    return this.#entries.length;
  }

  entryAt(at: number): IndexedEntry {
    const found = this.#entries[at];
    if (!found) throw new RangeError(`Reading journal entry ${at} of ${this.#entries.length}`);
    return found;
  }

  copy(count: number): JournalIndex {
    const copy = new JournalIndex(this.base);
    for (let at = 0; at < count; at += 1) copy.push(this.entryAt(at));
    return copy;
  }

  byteLength(count: number): number {
    return count === 0 ? 0 : (this.#entries[count - 1]?.end ?? 0);
  }

  largeBytes(count: number): number {
    return count === 0 ? 0 : (this.#entries[count - 1]?.largeBytes ?? 0);
  }

  crc(count: number, seed: number): number {
    if (this.#crcSeed !== seed) {
      for (const entry of this.#entries) entry.crc = undefined;
      this.#crcSeed = seed;
    }
    let known = count;
    while (known > 0 && this.#entries[known - 1]?.crc === undefined) known -= 1;
    let value = known === 0 ? seed : (this.#entries[known - 1]?.crc ?? seed);
    for (let at = known; at < count; at += 1) {
      const entry = this.#entries[at];
      if (entry) value = entry.crc = crc32(entry.chunk, value);
    }
    return value;
  }

  /** Many small pieces are joined and kept, so that a body stays a handful of buffers; each is copied twice at most. */
  chunks(count: number): Buffer[] {
    if (count - this.#joinedCount > JOINED) this.#join(count);
    const blocks = this.#blocks.filter(block => block.end <= count);
    const rest = this.#entries.slice(blocks.at(-1)?.end ?? 0, count).map(entry => entry.chunk);
    return [...blocks.map(block => block.bytes), ...rest];
  }

  get #joinedCount(): number {
    return this.#blocks.at(-1)?.end ?? 0;
  }

  #join(count: number): void {
    const more = this.#entries.slice(this.#joinedCount, count).map(entry => entry.chunk);
    this.#blocks.push({ end: count, bytes: Buffer.concat(more) });
    if (this.#blocks.length <= JOINED) return;
    this.#blocks = [{ end: count, bytes: Buffer.concat(this.#blocks.map(block => block.bytes)) }];
  }

  lastCommit(count: number): IndexedCommit | undefined {
    return this.commits.findLast(commit => commit.at < count);
  }

  /** @throws KittiwakeError `object_corrupt` for a commit whose author is not given and cannot be read from it */
  push({ entry, chunk, author }: IndexedEntry): void {
    const at = this.#entries.length;
    const time = entry.commit && (author ?? decodeCommit(entry.commit.bytes).author);
    this.#entries.push({
      entry,
      chunk,
      author: time,
      end: this.byteLength(at) + chunk.length,
      largeBytes: this.largeBytes(at) + largeBytesOf(entry),
      crc: undefined,
    });
    if (entry.commit && time) this.#indexCommit(at, entry.commit, time);
    if (entry.record) this.records.set(entry.record.key, { at, value: entry.record });
  }

  #indexCommit(at: number, entry: JournalCommit, { seconds, offsetMinutes }: AuthorTime): void {
    const position = this.commits.length;
    const ordinal = (this.commits[position - 1]?.ordinal ?? this.base.ordinal) + 1;
    this.commits.push(new IndexedCommit(at, ordinal, entry));
    this.positions.set(entry.oid, position);
    for (const file of entry.files) {
      const { name } = splitPath(file.path);
      const row: Row =
        file.oid === null
          ? { kind: 'gone', name }
          : {
              kind: 'file',
              name,
              mode: file.mode,
              oid: file.oid,
              size: file.size,
              commit: entry.oid,
              ordinal,
              seconds,
              offsetMinutes,
            };
      this.#addRow(at, file.path, row);
      pushTo(this.touched, file.path, { at, position, oid: file.oid });
    }
    for (const folder of entry.folders) {
      pushTo(this.folders, folder.path, { at, value: folder.oid });
      if (folder.oid !== null && !this.trees.has(folder.oid))
        this.trees.set(folder.oid, { at, value: folder.path });
      if (folder.path === '') continue;
      const { name } = splitPath(folder.path);
      // A file of this name, written by the same commit, replaces the folder.
      if (folder.oid !== null) this.#addRow(at, folder.path, { kind: 'folder', name, oid: folder.oid });
      else if (!entry.files.some(file => file.path === folder.path))
        this.#addRow(at, folder.path, { kind: 'gone', name });
    }
    for (const anchor of entry.anchors ?? [])
      pushTo(this.anchors, anchor.path, { at, value: anchor.deflated });
    for (const blob of entry.blobs)
      if (!this.blobs.has(blob.oid)) this.blobs.set(blob.oid, { at, value: blob });
  }

  #addRow(at: number, path: string, row: Row): void {
    const { folder, name } = splitPath(path);
    let names = this.rows.get(folder);
    if (!names) {
      names = new Map();
      this.rows.set(folder, names);
    }
    pushTo(names, name, { at, value: row });
  }
}

function largeBytesOf({ commit }: JournalEntry): number {
  let bytes = 0;
  for (const blob of commit?.blobs ?? [])
    if (blob.encoding === 'pack') bytes += blob.packBytes + SINGLE_INDEX_BYTES;
  return bytes;
}

function pushTo<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The value as of the entries before `before`. */
export function newest<T>(versions: readonly Version<T>[] | undefined, before: number): T | undefined {
  if (!versions) return undefined;
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    const version = versions[index];
    if (version && version.at < before) return version.value;
  }
  return undefined;
}

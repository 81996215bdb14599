import { crc32 } from 'node:zlib';
import { ByteReader } from './byte-codec.ts';
import type { IdempotencyRecord, JournalBlob, JournalCommit, JournalEntry } from './journal-entry.ts';
import { decodeEntry, encodeEntry } from './journal-entry.ts';
import type { Row } from './layer.ts';
import { decodeCommit } from './object-codec.ts';
import type { Commit, Oid } from './objects.ts';
import { splitPath } from './paths.ts';

/** Where a journal begins: the commit before its first entry. */
export interface JournalBase {
  head: Oid | null;
  /** -1 without a commit. */
  ordinal: number;
}

/** A commit of the journal, decoded. */
export interface IndexedCommit {
  /** The entry's position in the journal. */
  at: number;
  ordinal: number;
  entry: JournalCommit;
  commit: Commit;
}

/** A value as of entry `at` and until a later one. */
interface Version<T> {
  at: number;
  value: T;
}

/**
 * The commits since the last flush: an append-only sequence that is also indexed. A Journal is immutable to its
 * holder, but journals that continue each other share one index: appending to the newest is cheap, appending to an older
 * one (after a swap that did not come off) copies.
 */
export class Journal {
  readonly base: JournalBase;
  readonly count: number;
  readonly #index: JournalIndex;

  private constructor(index: JournalIndex, count: number) {
    this.#index = index;
    this.base = index.base;
    this.count = count;
  }

  static empty(base: JournalBase): Journal {
    return new Journal(new JournalIndex(base), 0);
  }

  /** Reads `bytes`, continuing `previous` when its bytes are a prefix of these (then only the rest is decoded). */
  static decode(base: JournalBase, bytes: Buffer, previous?: Journal): Journal {
    let journal = previous && continues(previous, base, bytes) ? previous : Journal.empty(base);
    let start = journal.byteLength;
    const reader = new ByteReader(bytes, start);
    while (!reader.done) {
      const entry = decodeEntry(reader);
      journal = journal.#push(entry, bytes.subarray(start, reader.position));
      start = reader.position;
    }
    return journal;
  }

  append(entry: JournalEntry): Journal {
    return this.#push(entry, encodeEntry(entry));
  }

  #push(entry: JournalEntry, chunk: Buffer): Journal {
    const tip = this.#index.length === this.count ? this.#index : this.#index.copy(this.count);
    tip.push(entry, chunk);
    return new Journal(tip, this.count + 1);
  }

  /** The journal after a flush of its first `count` entries. */
  dropFirst(count: number): Journal {
    const last = this.#index.lastCommit(count);
    const base = last ? { head: last.entry.oid, ordinal: last.ordinal } : this.base;
    let rest = Journal.empty(base);
    for (let at = count; at < this.count; at += 1) {
      const { entry, chunk } = this.#index.entryAt(at);
      rest = rest.#push(entry, chunk);
    }
    return rest;
  }

  /** An empty journal on another base, for commits that came in without it. The journal must be empty. */
  rebased(base: JournalBase): Journal {
    if (this.count > 0) throw new RangeError(`Moving the base of a journal of ${this.count} entries`);
    return Journal.empty(base);
  }

  get byteLength(): number {
    return this.#index.byteLength(this.count);
  }

  /** CRC-32 of the bytes, continued from `seed` (that of what stands before the journal). */
  crc(seed: number): number {
    return this.#index.crc(this.count, seed);
  }

  /** The bytes in a few pieces, immutable. */
  chunks(): Buffer[] {
    return this.#index.chunks(this.count);
  }

  /** The newest commit; undefined when the journal holds none. */
  last(): IndexedCommit | undefined {
    return this.#index.lastCommit(this.count);
  }

  /** Commits, oldest first, from position `from` (counted in commits). */
  commits(from = 0, to = Number.POSITIVE_INFINITY): IndexedCommit[] {
    const all = this.#index.commits;
    const visible = all.findLastIndex(each => each.at < this.count) + 1;
    return all.slice(from, Math.min(to, visible));
  }

  /** Position among the commits. */
  position(oid: Oid): number | undefined {
    const position = this.#index.positions.get(oid);
    const commit = position === undefined ? undefined : this.#index.commits[position];
    return commit && commit.at < this.count ? position : undefined;
  }

  row(folder: string, name: string, before = this.count): Row | undefined {
    return newest(this.#index.rows.get(folder)?.get(name), before);
  }

  /** The newest row of each changed child of `folder` before entry `before`. Unordered. */
  rows(folder: string, before = this.count): Row[] {
    const rows: Row[] = [];
    for (const versions of this.#index.rows.get(folder)?.values() ?? []) {
      const row = newest(versions, before);
      if (row) rows.push(row);
    }
    return rows;
  }

  /** All versions of a folder's tree, oldest first; `oid` null: the folder was gone. */
  treeVersions(folder: string): { at: number; oid: Oid | null }[] {
    return (this.#index.folders.get(folder) ?? [])
      .filter(version => version.at < this.count)
      .map(version => ({ at: version.at, oid: version.value }));
  }

  /** Folders that changed, `''` for the root. */
  changedFolders(): string[] {
    return [...this.#index.folders]
      .filter(([, versions]) => newest(versions, this.count) !== undefined)
      .map(([path]) => path);
  }

  /** Files that changed, with the positions (among the commits) of the commits that did, oldest first. */
  changedFiles(): Map<string, number[]> {
    const visible = new Map<string, number[]>();
    for (const [path, positions] of this.#index.touched) {
      const kept = positions.filter(
        position => (this.#index.commits[position]?.at ?? Number.POSITIVE_INFINITY) < this.count,
      );
      if (kept.length > 0) visible.set(path, kept);
    }
    return visible;
  }

  /** The same for one file. */
  touches(path: string): number[] {
    const positions = this.#index.touched.get(path) ?? [];
    return positions.filter(
      position => (this.#index.commits[position]?.at ?? Number.POSITIVE_INFINITY) < this.count,
    );
  }

  blob(oid: Oid): JournalBlob | undefined {
    const version = this.#index.blobs.get(oid);
    return version && version.at < this.count ? version.value : undefined;
  }

  blobs(): JournalBlob[] {
    return [...this.#index.blobs.values()]
      .filter(version => version.at < this.count)
      .map(version => version.value);
  }

  /** Which folder a tree belongs to, and as of which entry. */
  tree(oid: Oid): { at: number; folder: string } | undefined {
    const version = this.#index.trees.get(oid);
    return version && version.at < this.count ? { at: version.at, folder: version.value } : undefined;
  }

  record(key: string): IdempotencyRecord | undefined {
    const version = this.#index.records.get(key);
    return version && version.at < this.count ? version.value : undefined;
  }

  records(): IdempotencyRecord[] {
    return [...this.#index.records.values()]
      .filter(version => version.at < this.count)
      .map(version => version.value);
  }
}

function continues(previous: Journal, base: JournalBase, bytes: Buffer): boolean {
  if (previous.base.head !== base.head || previous.byteLength > bytes.length) return false;
  let offset = 0;
  for (const chunk of previous.chunks()) {
    if (bytes.compare(chunk, 0, chunk.length, offset, offset + chunk.length) !== 0) return false;
    offset += chunk.length;
  }
  return true;
}

function newest<T>(versions: readonly Version<T>[] | undefined, before: number): T | undefined {
  if (!versions) return undefined;
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    const version = versions[index];
    if (version && version.at < before) return version.value;
  }
  return undefined;
}

/** The growing index that journals share. Entries are only ever added. */
class JournalIndex {
  readonly base: JournalBase;
  readonly commits: IndexedCommit[] = [];
  readonly positions = new Map<Oid, number>();
  readonly rows = new Map<string, Map<string, Version<Row>[]>>();
  readonly folders = new Map<string, Version<Oid | null>[]>();
  readonly touched = new Map<string, number[]>();
  readonly blobs = new Map<Oid, Version<JournalBlob>>();
  readonly trees = new Map<Oid, Version<string>>();
  readonly records = new Map<string, Version<IdempotencyRecord>>();
  readonly #entries: { entry: JournalEntry; chunk: Buffer; end: number; crc: number | undefined }[] = [];
  #crcSeed = -1;
  #joined: { count: number; bytes: Buffer } = { count: 0, bytes: Buffer.alloc(0) };

  constructor(base: JournalBase) {
    this.base = base;
  }

  get length(): number {
    return this.#entries.length;
  }

  entryAt(at: number): { entry: JournalEntry; chunk: Buffer } {
    const found = this.#entries[at];
    if (!found) throw new RangeError(`Reading journal entry ${at} of ${this.#entries.length}`);
    return found;
  }

  copy(count: number): JournalIndex {
    const copy = new JournalIndex(this.base);
    for (let at = 0; at < count; at += 1) {
      const { entry, chunk } = this.entryAt(at);
      copy.push(entry, chunk);
    }
    return copy;
  }

  byteLength(count: number): number {
    return count === 0 ? 0 : (this.#entries[count - 1]?.end ?? 0);
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

  /** Many small pieces are joined once and kept, so that a body stays a handful of buffers. */
  chunks(count: number): Buffer[] {
    if (count - this.#joined.count > 32) {
      const more = this.#entries.slice(this.#joined.count, count).map(entry => entry.chunk);
      this.#joined = { count, bytes: Buffer.concat([this.#joined.bytes, ...more]) };
    }
    if (count < this.#joined.count) return this.#entries.slice(0, count).map(entry => entry.chunk);
    const rest = this.#entries.slice(this.#joined.count, count).map(entry => entry.chunk);
    return this.#joined.count === 0 ? rest : [this.#joined.bytes, ...rest];
  }

  lastCommit(count: number): IndexedCommit | undefined {
    return this.commits.findLast(commit => commit.at < count);
  }

  push(entry: JournalEntry, chunk: Buffer): void {
    const at = this.#entries.length;
    this.#entries.push({ entry, chunk, end: this.byteLength(at) + chunk.length, crc: undefined });
    if (entry.commit) this.#indexCommit(at, entry.commit);
    if (entry.record) this.records.set(entry.record.key, { at, value: entry.record });
  }

  #indexCommit(at: number, entry: JournalCommit): void {
    const position = this.commits.length;
    const commit = decodeCommit(entry.bytes);
    const ordinal = (this.commits[position - 1]?.ordinal ?? this.base.ordinal) + 1;
    this.commits.push({ at, ordinal, entry, commit });
    this.positions.set(entry.oid, position);
    const { seconds, offsetMinutes } = commit.author;
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
      pushTo(this.touched, file.path, position);
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
    for (const blob of entry.blobs)
      if (!this.blobs.has(blob.oid)) this.blobs.set(blob.oid, { at, value: blob });
  }

  #addRow(at: number, path: string, row: Row): void {
    const { folder, name } = splitPath(path);
    let names = this.rows.get(folder);
    if (!names) this.rows.set(folder, (names = new Map()));
    pushTo(names, name, { at, value: row });
  }
}

function pushTo<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

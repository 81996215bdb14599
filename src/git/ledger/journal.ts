import { ByteReader } from '../byte-codec.ts';
import type { Row } from '../layer/layer.ts';
import type { Oid } from '../object/objects.ts';
import type { IdempotencyRecord, JournalBlob, JournalEntry } from './journal-entry.ts';
import { decodeEntry, encodeEntry } from './journal-entry.ts';
import {
  type AuthorTime,
  type FileTouch,
  type IndexedCommit,
  type IndexedEntry,
  type JournalBase,
  JournalIndex,
  newest,
} from './journal-index.ts';

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
      journal = journal.#push({ entry, chunk: bytes.subarray(start, reader.position), author: undefined });
      start = reader.position;
    }
    return journal;
  }

  /** @param author when the entry's commit was written, as the commit says; read from it when it is not given */
  append(entry: JournalEntry, author?: AuthorTime): Journal {
    return this.#push({ entry, chunk: encodeEntry(entry), author });
  }

  #push(entry: IndexedEntry): Journal {
    const tip = this.#index.length === this.count ? this.#index : this.#index.copy(this.count);
    tip.push(entry);
    return new Journal(tip, this.count + 1);
  }

  /** The journal after a flush of its first `count` entries, when the ledger was at `seq`. */
  dropFirst(count: number, seq: number): Journal {
    const last = this.#index.lastCommit(count);
    const trims = this.base.trims + 1;
    const { head, ordinal } = last ? { head: last.entry.oid, ordinal: last.ordinal } : this.base;
    const base = { head, ordinal, trims, seq };
    let rest = Journal.empty(base);
    for (let at = count; at < this.count; at += 1) rest = rest.#push(this.#index.entryAt(at));
    return rest;
  }

  /** An empty journal on another base, for commits that came in without it. The journal must be empty. */
  rebased(base: Omit<JournalBase, 'trims'>): Journal {
    if (this.count > 0) throw new RangeError(`Moving the base of a journal of ${this.count} entries`);
    return Journal.empty({ ...base, trims: this.base.trims + 1 });
  }

  /** An empty journal on this one's base, as it follows one on another base. The journal must be empty. */
  successorOf({ trims, seq }: Pick<JournalBase, 'trims' | 'seq'>): Journal {
    const { head, ordinal } = this.base;
    if (this.count > 0) throw new RangeError(`Moving a journal of ${this.count} entries`);
    return Journal.empty({ head, ordinal, trims: trims + 1, seq });
  }

  get byteLength(): number {
    return this.#index.byteLength(this.count);
  }

  /** Bytes of the packs of single large blobs that the entries brought, with their indexes. */
  get largeBytes(): number {
    return this.#index.largeBytes(this.count);
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
    return this.#index.commits.slice(from, Math.min(to, this.commitCount));
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

  /** Files that changed. */
  changedFiles(): string[] {
    return [...this.#index.touched].flatMap(([path, [first]]) =>
      first && first.at < this.count ? [path] : [],
    );
  }

  /** The commits that changed a file, oldest first. */
  touches(path: string): FileTouch[] {
    return (this.#index.touched.get(path) ?? []).filter(touch => touch.at < this.count);
  }

  changed(path: string): boolean {
    const first = this.#index.touched.get(path)?.[0];
    return first !== undefined && first.at < this.count;
  }

  /** The commit at a position. */
  commitAt(position: number): IndexedCommit | undefined {
    const found = this.#index.commits[position];
    return found && found.at < this.count ? found : undefined;
  }

  /** Number of commits. */
  get commitCount(): number {
    const { commits } = this.#index;
    let count = Math.min(commits.length, this.count);
    while (count > 0 && (commits[count - 1]?.at ?? 0) >= this.count) count -= 1;
    return count;
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

  /** The newest kept tree of a folder, as a zlib stream: of before some entry that is before entry `before`. */
  anchor(folder: string, before = this.count): Buffer | undefined {
    return newest(this.#index.anchors.get(folder), before);
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
  if (
    previous.base.trims !== base.trims ||
    previous.base.head !== base.head ||
    previous.byteLength > bytes.length
  )
    return false;
  let offset = 0;
  for (const chunk of previous.chunks()) {
    if (bytes.compare(chunk, 0, chunk.length, offset, offset + chunk.length) !== 0) return false;
    offset += chunk.length;
  }
  return true;
}

import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { encodeName } from '../object/entry-name.ts';
import { hashObject } from '../object/object-codec.ts';
import type { Oid } from '../object/objects.ts';
import type { FolderEntry } from '../repository.ts';
import type { Chunk, Slot } from './tree-chunk.ts';
import {
  cutChunk,
  editChunk,
  entryEnd,
  joinChunks,
  MIN_CHUNK_BYTES,
  parseChunk,
  searchChunk,
  searchChunks,
} from './tree-chunk.ts';
import { checkEntry, encodeEntry, entryKey, isFolderMode } from './tree-entry.ts';
import { readEntries, readEntry } from './tree-read.ts';
import { encodeEntries } from './tree-sort.ts';

/** A name and what it becomes; with `oid` null it is removed, be it a file or a folder. */
export interface TreeEdit {
  name: string;
  mode: number;
  oid: Oid | null;
}

/** Every so many chunks the state of the running SHA-1 is kept for the trees that are made from this one. */
const CHUNKS_PER_STATE = 8;

/**
 * One folder's tree object. Immutable; an edited tree shares all chunks of entries but the edited ones with the tree it
 * came from, and the SHA-1 up to the first edited chunk when its length stays the same. Names are as in `entry-name.ts`.
 */
export class Tree {
  static readonly empty = new Tree([]);

  readonly byteLength: number;
  /** Number of entries. */
  readonly size: number;
  readonly #chunks: readonly Chunk[];
  #oid: Oid | undefined;
  #offsets: Float64Array | undefined;
  /** At i the state before chunk `i * CHUNKS_PER_STATE`. */
  #states: readonly Hash[];

  private constructor(chunks: readonly Chunk[], states: readonly Hash[] = []) {
    let [bytes, entries] = [0, 0];
    for (const chunk of chunks) {
      bytes += chunk.bytes.length;
      entries += chunk.starts.length;
    }
    this.byteLength = bytes;
    this.size = entries;
    this.#chunks = chunks;
    this.#states = states;
  }

  /**
   * The tree of an object's bytes, which it keeps a view of.
   * @throws KittiwakeError `object_corrupt`
   */
  static parse(bytes: Buffer): Tree {
    return new Tree(cutChunk(parseChunk(bytes)));
  }

  /**
   * A tree of these entries, given in any order.
   * @throws KittiwakeError `object_corrupt` for an invalid entry, or two of one kind and name
   */
  static from(entries: Iterable<FolderEntry>): Tree {
    return Tree.parse(encodeEntries(entries));
  }

  /** The file (link, submodule) or folder of that name. */
  get(name: string): FolderEntry | undefined {
    const bytes = encodeName(name);
    return this.#entry(entryKey(bytes, false)) ?? this.#entry(entryKey(bytes, true));
  }

  #entry(key: Buffer): FolderEntry | undefined {
    const chunk = this.#chunks[searchChunks(this.#chunks, key)];
    const index = chunk ? searchChunk(chunk, key) : -1;
    return chunk && index >= 0 ? readEntry(chunk, index) : undefined;
  }

  /** The tree with all edits made; of two edits of one name the later counts. */
  with(edits: readonly TreeEdit[]): Tree {
    const slots = slotsOf(edits);
    const chunks = this.#chunks.length > 0 ? [...this.#chunks] : [parseChunk(Buffer.alloc(0))];
    let firstEdited: number | undefined;
    // From the last chunk to the first, so that indexes stay true while chunks are cut.
    for (let end = slots.length; end > 0; ) {
      const at = searchChunks(this.#chunks, (slots[end - 1] as Slot).key);
      let begin = end - 1;
      while (begin > 0 && searchChunks(this.#chunks, (slots[begin - 1] as Slot).key) === at) begin -= 1;
      if (replaceChunk(chunks, at, slots.slice(begin, end))) firstEdited = at;
      end = begin;
    }
    return firstEdited === undefined ? this : this.#successor(chunks, firstEdited);
  }

  #successor(chunks: Chunk[], firstEdited: number): Tree {
    const tree = new Tree(chunks);
    if (tree.byteLength !== this.byteLength) return tree;
    tree.#states = this.#states.slice(0, Math.floor(firstEdited / CHUNKS_PER_STATE) + 1);
    return tree;
  }

  get oid(): Oid {
    this.#oid ??=
      this.#chunks.length < 2 * CHUNKS_PER_STATE ? hashObject('tree', ...this.parts()) : this.#hash();
    return this.#oid;
  }

  #hash(): Oid {
    const states = [...this.#states];
    const known = states.length - 1;
    const sha = states[known]?.copy() ?? createHash('sha1').update(`tree ${this.byteLength}\0`);
    for (let i = Math.max(known, 0) * CHUNKS_PER_STATE; i < this.#chunks.length; i += 1) {
      if (i % CHUNKS_PER_STATE === 0 && i / CHUNKS_PER_STATE >= states.length) states.push(sha.copy());
      sha.update((this.#chunks[i] as Chunk).bytes);
    }
    this.#states = states;
    return sha.digest('hex');
  }

  /** The object's bytes in pieces; do not change them. */
  parts(): Buffer[] {
    return this.#chunks.map(chunk => chunk.bytes);
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts(), this.byteLength);
  }

  /** All entries in git's order. */
  *entries(): Generator<FolderEntry> {
    for (const chunk of this.#chunks) yield* readEntries(chunk);
  }

  /** Where in the object's bytes the entry of a key (see `tree-entry.ts`) stands; empty where it would stand. */
  span(key: Buffer): { start: number; bytes: Buffer } {
    const at = searchChunks(this.#chunks, key);
    const chunk = this.#chunks[at];
    if (!chunk) return { start: 0, bytes: Buffer.alloc(0) };
    const found = searchChunk(chunk, key);
    const begin = chunk.starts[found < 0 ? ~found : found] ?? chunk.bytes.length;
    const end = found < 0 ? begin : entryEnd(chunk, found);
    return { start: this.#offset(at) + begin, bytes: chunk.bytes.subarray(begin, end) };
  }

  /** Where in the object's bytes the last entry begins that begins at or before `offset`; the length, from there on. */
  entryStart(offset: number): number {
    if (offset >= this.byteLength) return this.byteLength;
    const chunk = this.#chunkAt(offset);
    const starts = (this.#chunks[chunk] as Chunk).starts;
    const within = offset - this.#offset(chunk);
    return this.#offset(chunk) + (starts[lastUpTo(starts, within)] as number);
  }

  /** Where the entry that begins at `start` ends. */
  entryEnd(start: number): number {
    const at = this.#chunkAt(start);
    const chunk = this.#chunks[at] as Chunk;
    return this.#offset(at) + entryEnd(chunk, lastUpTo(chunk.starts, start - this.#offset(at)));
  }

  #chunkAt(offset: number): number {
    this.#offset(0);
    return lastUpTo(this.#offsets as Float64Array, offset);
  }

  #offset(index: number): number {
    if (!this.#offsets) {
      this.#offsets = new Float64Array(this.#chunks.length);
      for (let i = 1; i < this.#chunks.length; i += 1) {
        this.#offsets[i] = (this.#offsets[i - 1] as number) + (this.#chunks[i - 1] as Chunk).bytes.length;
      }
    }
    return this.#offsets[index] ?? 0;
  }
}

/** The last of ascending numbers that is not above `value`; the first is not. */
function lastUpTo(numbers: Uint32Array | Float64Array, value: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((numbers[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Each edit fills one of the two places a name may stand at and empties the other. In git's order, the last edit of a key only. */
function slotsOf(edits: readonly TreeEdit[]): Slot[] {
  const slots: Slot[] = [];
  for (const { name, mode, oid } of edits) {
    if (oid !== null) checkEntry(name, mode);
    const bytes = encodeName(name);
    const entry = oid === null ? null : encodeEntry(bytes, mode, oid);
    const folder = isFolderMode(mode);
    slots.push({ key: entryKey(bytes, false), entry: folder ? null : entry });
    slots.push({ key: entryKey(bytes, true), entry: folder ? entry : null });
  }
  slots.sort((a, b) => Buffer.compare(a.key, b.key));
  return slots.filter((slot, i) => !slots[i + 1]?.key.equals(slot.key));
}

/** Edits one chunk of the list in place; false when nothing differs. */
function replaceChunk(chunks: Chunk[], at: number, slots: readonly Slot[]): boolean {
  const old = chunks[at] as Chunk;
  const edited = editChunk(old, slots);
  if (edited === old) return false;
  const next = chunks[at + 1];
  if (edited.bytes.length < MIN_CHUNK_BYTES && next)
    chunks.splice(at, 2, ...cutChunk(joinChunks(edited, next)));
  else chunks.splice(at, 1, ...cutChunk(edited));
  return true;
}

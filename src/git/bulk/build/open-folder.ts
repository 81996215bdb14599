import { hash } from 'node:crypto';
import { decodeName } from '../../object/entry-name.ts';
import type { Oid } from '../../object/objects.ts';
import { MODE_FOLDER } from '../../object/objects.ts';
import type { Chunk } from '../../tree/tree-chunk.ts';
import { entryEnd, parseChunk, searchChunk } from '../../tree/tree-chunk.ts';
import { compareEntry, entryKey, isFolderMode, modeAt, modeEnd, OID_BYTES } from '../../tree/tree-entry.ts';
import type { Refusal } from '../bulk.ts';
import { FoldedNames, isPlainName } from './folded-names.ts';

/** Where "tree <length>", NUL is put when the tree is hashed. */
const HEADER_BYTES = 32;
const FILE_PREFIX = Buffer.from('100644 ');
const FOLDER_PREFIX = Buffer.from('40000 ');
const FIRST_BYTES = 1024;

/** What stood in a folder before. */
export interface OldEntry {
  oid: Oid;
  mode: number;
}

/** A folder whose tree grows: entries come in git's order, and what stood there before is merged in. */
export class OpenFolder {
  /** With a slash at its end; of the root nothing. */
  readonly prefix: Buffer;
  readonly path: string;
  /** Its last segment. */
  readonly name: Buffer;
  /** Nothing below it may be written. */
  readonly refusal: Refusal | undefined;
  /** New and other entries so far. */
  edits = 0;
  readonly #old: Chunk | undefined;
  #oldAt = 0;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = HEADER_BYTES;
  readonly #starts: number[] = [];
  #names: FoldedNames | undefined;

  constructor(options: {
    prefix: Buffer;
    name: Buffer;
    old: Buffer | undefined;
    refusal: Refusal | undefined;
  }) {
    this.prefix = options.prefix;
    this.name = options.name;
    this.path = options.prefix.toString('utf8', 0, Math.max(0, options.prefix.length - 1));
    this.refusal = options.refusal;
    this.#old = options.old && parseChunk(options.old);
    if (this.#old && !hasPlainNames(this.#old)) this.#foldNames();
  }

  get isNew(): boolean {
    return this.#old === undefined;
  }

  /** The file or folder of that name that stood here before. */
  before(name: Buffer, folder: boolean): OldEntry | undefined {
    const old = this.#old;
    if (!old) return undefined;
    const index = searchChunk(old, entryKey(name, folder));
    if (index < 0) return undefined;
    const start = old.starts[index] as number;
    const end = entryEnd(old, index);
    return { mode: modeAt(old.bytes, start), oid: old.bytes.toString('hex', end - OID_BYTES, end) };
  }

  /** True when a file of that name was added. */
  hasAdded(name: Buffer): boolean {
    const key = entryKey(name, false);
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const end = this.#starts[middle + 1] ?? this.#length;
      const order = compareEntry(this.#bytes, this.#starts[middle] as number, end, key);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  }

  /** A name of this folder that differs only by case or Unicode form. */
  collision(name: Buffer): string | undefined {
    if (!this.#names && isPlainName(name, 0, name.length)) return undefined;
    return (this.#names ?? this.#foldNames()).other(decodeName(name));
  }

  #foldNames(): FoldedNames {
    const names = new FoldedNames();
    this.#names = names;
    const old = this.#old;
    for (let at = 0; at < (old?.starts.length ?? 0); at += 1) if (old) names.add(nameOf(old, at));
    const added = { bytes: this.#bytes.subarray(0, this.#length), starts: Uint32Array.from(this.#starts) };
    for (let at = 0; at < added.starts.length; at += 1) names.add(nameOf(added, at));
    return names;
  }

  addFile(name: Buffer, oid: Buffer, oidStart = 0): void {
    this.#add(name, FILE_PREFIX, false, oid, oidStart);
  }

  addFolder(name: Buffer, oid: Buffer): void {
    this.#add(name, FOLDER_PREFIX, true, oid, 0);
  }

  #add(name: Buffer, prefix: Buffer, isFolder: boolean, oid: Buffer, oidStart: number): void {
    if (this.#old) this.#copyBelow(this.#old, entryKey(name, isFolder));
    this.#names?.add(decodeName(name));
    this.#reserve(prefix.length + name.length + 1 + OID_BYTES);
    const bytes = this.#bytes;
    let at = this.#length;
    this.#starts.push(at);
    at += prefix.copy(bytes, at);
    at += name.copy(bytes, at);
    bytes[at++] = 0;
    this.#length = at + oid.copy(bytes, at, oidStart, oidStart + OID_BYTES);
    this.edits += 1;
  }

  /** Takes over what stands before the key, and leaves what has it. */
  #copyBelow(old: Chunk, key: Buffer): void {
    const from = this.#oldAt;
    let to = from;
    let order = 1;
    while (to < old.starts.length) {
      order = compareEntry(old.bytes, old.starts[to] as number, entryEnd(old, to), key);
      if (order >= 0) break;
      to += 1;
    }
    this.#copy(old, from, to);
    this.#oldAt = to < old.starts.length && order === 0 ? to + 1 : to;
  }

  #copy(old: Chunk, from: number, to: number): void {
    if (from >= to) return;
    const start = old.starts[from] as number;
    const end = entryEnd(old, to - 1);
    this.#reserve(end - start);
    for (let at = from; at < to; at += 1)
      this.#starts.push((old.starts[at] as number) - start + this.#length);
    this.#length += old.bytes.copy(this.#bytes, this.#length, start, end);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** The tree and its id. To be asked once, at the end. */
  finish(): { oid: Buffer; bytes: Buffer } {
    if (this.#old) this.#copy(this.#old, this.#oldAt, this.#old.starts.length);
    const bytes = this.#bytes.subarray(HEADER_BYTES, this.#length);
    const header = `tree ${bytes.length}\0`;
    const start = HEADER_BYTES - header.length;
    this.#bytes.write(header, start, 'latin1');
    return { oid: hash('sha1', this.#bytes.subarray(start, this.#length), 'buffer'), bytes };
  }
}

function nameOf(chunk: Chunk, index: number): string {
  return decodeName(chunk.bytes.subarray(...nameSpan(chunk, index)));
}

function nameSpan(chunk: Chunk, index: number): [start: number, end: number] {
  const start = modeEnd(chunk.bytes, chunk.starts[index] as number) + 1;
  return [start, entryEnd(chunk, index) - OID_BYTES - 1];
}

function hasPlainNames(chunk: Chunk): boolean {
  for (let at = 0; at < chunk.starts.length; at += 1)
    if (!isPlainName(chunk.bytes, ...nameSpan(chunk, at))) return false;
  return true;
}

export function isFolder(entry: OldEntry | undefined): boolean {
  return entry !== undefined && (entry.mode === MODE_FOLDER || isFolderMode(entry.mode));
}

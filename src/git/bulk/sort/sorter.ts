import { sortByKeys } from './key-sort.ts';
import { dropFirst, sinkFirst } from './least-first.ts';
import { ScratchFile } from './scratch-file.ts';

const HEADER_BYTES = 8;
const WINDOW_BYTES = 64 << 10;
/** So many are sorted within about ten milliseconds, in which nobody else gets a turn. */
const ARENA_BYTES = 2 << 20;
/** Entries that are given away at once. */
const BATCH = 200;
/** What is added before anybody looks whether it is full. */
const SPARE_BYTES = 256 << 10;

/** A key with its value, in `bytes`: from `start` on the key, from `middle` up to `end` the value. */
export interface SortedEntry {
  bytes: Buffer;
  start: number;
  middle: number;
  end: number;
}

interface Segment {
  start: number;
  end: number;
}

/** Sorts entries by their keys' bytes; those that do not fit into memory go to a scratch file. Entries of one key keep their order. */
export class Sorter {
  readonly #scratchPath: string;
  readonly #arenaBytes: number;
  #arena: Buffer;
  #offsets: number[] = [];
  #used = 0;
  #file: ScratchFile | undefined;
  readonly #segments: Segment[] = [];
  #total = 0;
  #count = 0;

  constructor(scratchPath: string, arenaBytes = ARENA_BYTES) {
    this.#scratchPath = scratchPath;
    this.#arenaBytes = arenaBytes;
    this.#arena = Buffer.allocUnsafe(Math.min(arenaBytes, 64 << 10));
  }

  /** Bytes of all keys and values. */
  get totalBytes(): number {
    return this.#total;
  }

  get count(): number {
    return this.#count;
  }

  /** True: {@link Sorter.spill} before more is added. */
  get isFull(): boolean {
    return this.#used >= this.#arenaBytes;
  }

  /** Room for one entry, to be filled by the caller at once. */
  reserve(keyLength: number, valueLength: number): SortedEntry {
    const start = this.#used + HEADER_BYTES;
    const end = start + keyLength + valueLength;
    if (end > this.#arena.length) this.#grow(end);
    this.#arena.writeUInt32LE(keyLength, this.#used);
    this.#arena.writeUInt32LE(valueLength, this.#used + 4);
    this.#offsets.push(this.#used);
    this.#used = end;
    this.#total += keyLength + valueLength;
    this.#count += 1;
    return { bytes: this.#arena, start, middle: start + keyLength, end };
  }

  #grow(needed: number): void {
    const doubled = Math.min(this.#arenaBytes + SPARE_BYTES, this.#arena.length * 2);
    const larger = Buffer.allocUnsafe(Math.max(needed, doubled));
    this.#arena.copy(larger, 0, 0, this.#used);
    this.#arena = larger;
  }

  async add(key: Uint8Array, value: Uint8Array): Promise<void> {
    const room = this.reserve(key.length, value.length);
    room.bytes.set(key, room.start);
    room.bytes.set(value, room.middle);
    if (this.isFull) await this.spill();
  }

  /** Moves what is in memory to the scratch file. */
  async spill(): Promise<void> {
    this.#file ??= await ScratchFile.create(this.#scratchPath);
    const segment = { start: this.#file.length, end: this.#file.length + this.#used };
    for (const at of this.#sortedOffsets()) {
      const writing = this.#file.append(this.#arena, at, this.#entryAt(this.#arena, at).end);
      if (writing) await writing;
    }
    await this.#file.flush();
    this.#segments.push(segment);
    this.#offsets = [];
    this.#used = 0;
  }

  #sortedOffsets(): Uint32Array {
    const bytes = this.#arena;
    const offsets = this.#offsets;
    const starts = Uint32Array.from(offsets, offset => offset + HEADER_BYTES);
    const ends = Uint32Array.from(offsets, offset => offset + HEADER_BYTES + bytes.readUInt32LE(offset));
    return sortByKeys({ bytes, starts, ends }).map(entry => offsets[entry] as number);
  }

  #entryAt(bytes: Buffer, at: number): SortedEntry {
    const start = at + HEADER_BYTES;
    const middle = start + bytes.readUInt32LE(at);
    return { bytes, start, middle, end: middle + bytes.readUInt32LE(at + 4) };
  }

  /** All entries in order, in arrays of some. Once. */
  async *sorted(): AsyncGenerator<readonly SortedEntry[]> {
    if (this.#segments.length === 0) {
      const offsets = this.#sortedOffsets();
      for (let at = 0; at < offsets.length; at += BATCH)
        yield Array.from(offsets.subarray(at, at + BATCH), offset => this.#entryAt(this.#arena, offset));
      return;
    }
    if (this.#used > 0) await this.spill();
    this.#arena = Buffer.alloc(0);
    yield* this.#merged();
  }

  async *#merged(): AsyncGenerator<readonly SortedEntry[]> {
    const heap: OpenSegment[] = [];
    for (const [number, segment] of this.#segments.entries()) {
      const open = new OpenSegment(this.#file as ScratchFile, segment, number);
      if (await open.next()) heap.push(open);
    }
    heap.sort(compareSegments);
    let batch: SortedEntry[] = [];
    for (let from = heap[0]; from; from = heap[0]) {
      const { bytes, start, middle, end } = from;
      batch.push({ bytes, start, middle, end });
      const moved = from.next();
      const more = moved instanceof Promise ? await moved : moved;
      if (more) sinkFirst(heap, compareSegments);
      else dropFirst(heap, compareSegments);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

/** A segment that is merged: stands at an entry. */
class OpenSegment implements SortedEntry {
  readonly number: number;
  readonly #file: ScratchFile;
  readonly #segmentEnd: number;
  /** Where in the file the window ends. */
  #read: number;
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  middle = 0;
  end = 0;

  constructor(file: ScratchFile, segment: Segment, number: number) {
    this.#file = file;
    this.#read = segment.start;
    this.#segmentEnd = segment.end;
    this.number = number;
  }

  /** Goes to the next entry; false behind the last. */
  next(): boolean | Promise<boolean> {
    const { bytes, end: at } = this;
    const start = at + HEADER_BYTES;
    if (start > bytes.length) return this.#refill(HEADER_BYTES);
    const middle = start + bytes.readUInt32LE(at);
    const end = middle + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) return this.#refill(end - at);
    this.start = start;
    this.middle = middle;
    this.end = end;
    return true;
  }

  /** Into another buffer: what was taken from this one stays. */
  async #refill(needed: number): Promise<boolean> {
    const left = this.bytes.length - this.end;
    const from = this.#read - left;
    if (from >= this.#segmentEnd) return false;
    this.#read = Math.min(this.#segmentEnd, from + Math.max(WINDOW_BYTES, needed));
    this.bytes = await this.#file.read(from, this.#read);
    this.end = 0;
    return this.next();
  }
}

/** Of equal keys those of the earlier segment come first. */
function compareSegments(a: OpenSegment, b: OpenSegment): number {
  const order = compareEntries(a, b);
  return order || a.number - b.number;
}

function compareEntries(a: SortedEntry, b: SortedEntry): number {
  return a.bytes.compare(b.bytes, b.start, b.middle, a.start, a.middle);
}

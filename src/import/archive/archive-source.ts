import { isKittiwakeError } from '../../core/errors.ts';
import { decodeText } from '../../wiki/markup/text.ts';
import type { Cell, Row, RowFailure } from '../row.ts';
import type { ReadingRange, RowChunk, RowSource, SourcePart } from '../source.ts';
import type { ArchiveOptions, ConventionName } from './archive-options.ts';
import { type Convention, Notes } from './convention.ts';
import { ATTACHMENT, kindsOf, LEFT, PAGE } from './file-kinds.ts';
import type { FileList, LeftOut } from './file-list.ts';

const ROWS_PER_CHUNK = 256;
const BYTES_PER_CHUNK = 4 << 20;
/** Attachments up to here are read with their chunk: in passing, and checked. */
const SMALL_BYTES = 256 << 10;
/** What a file costs besides its bytes, for parts of equal work. */
const BYTES_PER_FILE = 2_000;

/** Behind so many files in the order of reading. */
interface Position {
  file: number;
}

/**
 * Files as rows: a page has columns `path` and `content`, any other file `path` and `file`. A page that is not UTF-8 comes as a file,
 * too. The row's number is the place of its name among all names, from 1, in the order of their UTF-8: the same for a folder and for
 * any archive of it. Rows come in the order in which the archive holds them, and can be read from any of them.
 */
export class ArchiveSource implements RowSource {
  readonly name: string;
  readonly bytesTotal: number;
  /** As many as there are files, of which some may be left out. */
  readonly rowBound: number;
  readonly #list: FileList;
  readonly #convention: Convention;
  readonly #options: ArchiveOptions;
  readonly #kinds: Uint8Array;
  readonly #rows: Uint32Array;
  readonly #storedBytes: number;

  constructor(name: string, list: FileList, convention: Convention, options: ArchiveOptions) {
    this.name = name;
    this.#list = list;
    this.#convention = convention;
    this.#options = options;
    this.bytesTotal = list.bytes;
    this.rowBound = list.order.length;
    this.#kinds = kindsOf(list, convention, options.attachments ?? 'beside');
    this.#rows = new Uint32Array(list.paths.count);
    for (const [place, file] of list.paths.sorted().entries()) this.#rows[file] = place + 1;
    this.#storedBytes = this.#storedUpTo(list.order.length);
  }

  /** As which files were read. */
  get convention(): ConventionName {
    return this.#convention.name;
  }

  /** What is not imported on purpose: hidden files, and those that belong to no page. */
  get left(): LeftOut {
    return this.#list.left;
  }

  nameOf(row: number): string | undefined {
    const file = this.#list.paths.sorted()[row - 1];
    return file === undefined ? undefined : this.#list.paths.at(file);
  }

  async *rows(range: ReadingRange = {}): AsyncGenerator<RowChunk> {
    const { order } = this.#list;
    const end = Math.min(placeOf(range.to, order.length), order.length);
    let chunk = new Chunk();
    let stored = this.#storedUpTo(placeOf(range.from, 0));
    for (let place = placeOf(range.from, 0); place < end; place += 1) {
      const file = order[place] ?? 0;
      stored += this.#list.storedSize(file);
      await this.#read(file, chunk);
      if (!chunk.isFull && place + 1 < end) continue;
      range.signal?.throwIfAborted();
      yield chunk.finished({ file: place + 1 }, this.#bytesRead(stored));
      chunk = new Chunk();
    }
  }

  /** Ranges of files of about equal work. */
  async parts(most: number): Promise<readonly SourcePart[]> {
    const { order } = this.#list;
    const total = this.#storedBytes + order.length * BYTES_PER_FILE;
    const parts: { from: Position | undefined; to: Position | undefined; startBytes: number }[] = [];
    let [work, stored] = [0, 0];
    for (const [place, file] of order.entries()) {
      if (parts.length < most && work >= (total / most) * parts.length) {
        const from = place === 0 ? undefined : { file: place };
        const before = parts.at(-1);
        if (before) before.to = from;
        parts.push({ from, to: undefined, startBytes: this.#bytesRead(stored) });
      }
      stored += this.#list.storedSize(file);
      work += this.#list.storedSize(file) + BYTES_PER_FILE;
    }
    return parts.length === 0 ? [{ from: undefined, to: undefined, startBytes: 0 }] : parts;
  }

  async #read(file: number, chunk: Chunk): Promise<void> {
    if (this.#kinds[file] === LEFT) return;
    const origins = [{ source: this.name, row: this.#rows[file] ?? 0 }];
    try {
      const refusal = this.#list.refusal(file) ?? this.#tooLarge(file);
      if (refusal !== undefined) chunk.failures.push({ origins, ...refusal });
      else for (const values of await this.#values(file, chunk)) chunk.rows.push({ values, origins });
    } catch (error) {
      if (!isKittiwakeError(error) || !error.code.startsWith('entry_')) throw error;
      chunk.failures.push({ origins, code: error.code, message: error.message });
    }
  }

  #tooLarge(file: number): Pick<RowFailure, 'code' | 'message'> | undefined {
    const { maxPageBytes = 10 << 20, maxAttachmentBytes = 1 << 30 } = this.#options;
    const size = this.#list.size(file);
    const limit = this.#kinds[file] === PAGE ? maxPageBytes : maxAttachmentBytes;
    if (size <= limit) return undefined;
    const message = `Reading a file: it has ${size} bytes, the limit is ${limit}`;
    return { code: 'entry_too_large', message };
  }

  async #values(file: number, chunk: Chunk): Promise<Record<string, Cell>[]> {
    const path = this.#convention.target(file);
    if (this.#kinds[file] === ATTACHMENT) {
      const attachment = { path, file: await this.#content(file, chunk) };
      const page = await this.#convention.pageOf?.(file);
      return page === undefined ? [attachment] : [attachment, { ...page }];
    }
    const bytes = await this.#list.read(file);
    chunk.bytes += bytes.length;
    const text = decodeText(bytes);
    if (text === undefined) return [{ path: this.#pageFile(path), file: inMemory(bytes) }];
    return [{ path, content: (await this.#convention.text?.(text, file, chunk.notes)) ?? text }];
  }

  async #content(file: number, chunk: Chunk) {
    const size = this.#list.size(file);
    if (size > SMALL_BYTES) return { size, open: () => this.#list.open(file) };
    const bytes = await this.#list.read(file);
    chunk.bytes += bytes.length;
    return inMemory(bytes);
  }

  /** The name of a page that is taken as a file: files keep the case of their names. */
  #pageFile(path: string): string {
    return this.#options.naming.retainPageNameCase ? path : path.toLowerCase();
  }

  #storedUpTo(place: number): number {
    let bytes = 0;
    for (const file of this.#list.order.subarray(0, place)) bytes += this.#list.storedSize(file);
    return bytes;
  }

  /** Of the archive, whose directory and headers count as much as they take of it. */
  #bytesRead(stored: number): number {
    return this.#storedBytes === 0
      ? this.bytesTotal
      : Math.floor((stored / this.#storedBytes) * this.bytesTotal);
  }
}

class Chunk {
  readonly rows: Row[] = [];
  readonly failures: RowFailure[] = [];
  readonly notes = new Notes();
  bytes = 0;

  get isFull(): boolean {
    return this.rows.length + this.failures.length >= ROWS_PER_CHUNK || this.bytes >= BYTES_PER_CHUNK;
  }

  finished(position: Position, bytesRead: number): RowChunk {
    const { rows, failures, notes } = this;
    return { rows, failures, position, bytesRead, notes: notes.counts };
  }
}

function inMemory(bytes: Buffer) {
  return {
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}

function placeOf(position: unknown, otherwise: number): number {
  return (position as Position | undefined)?.file ?? otherwise;
}

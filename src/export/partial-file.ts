import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ReusedBytes } from '../git/reused-bytes.ts';
import { exportExists, exportUnfinished, nothingToResume, partialDamaged } from './errors.ts';

/** What is written at once, after which it is durable and can be resumed from. */
const FLUSH_BYTES = 4 << 20;

/** What an export is of: one with another is not resumed. */
export interface PartialHead {
  format: string;
  commit: string | null;
  /** Whatever else changes what is written. */
  options: unknown;
}

/**
 * A file that comes to be in `<name>.partial` and gets its name when it is whole. Beside it `<name>.journal` tells what is in it: a line
 * of JSON, the head, and then what was noted, always a little less than what was written. So it can be gone on with wherever the process
 * ended.
 */
export class PartialFile {
  readonly #path: string;
  readonly #data: FileHandle;
  readonly #journal: FileHandle;
  readonly #headBytes: number;
  // Copies: a short chunk may be the only thing alive of a long buffer.
  readonly #unwritten = new ReusedBytes(FLUSH_BYTES);
  readonly #notes = new ReusedBytes();

  private constructor(path: string, data: FileHandle, journal: FileHandle, headBytes: number) {
    this.#path = path;
    this.#data = data;
    this.#journal = journal;
    this.#headBytes = headBytes;
  }

  /** @throws KittiwakeError `export_exists`, `export_unfinished`; the system's error */
  static async create(path: string, head: PartialHead): Promise<PartialFile> {
    const { partial, journal } = namesOf(path);
    if (await exists(path)) throw exportExists(path);
    if (await exists(journal)) throw exportUnfinished(path, partial);
    const line = Buffer.from(`${JSON.stringify(head)}\n`);
    const notes = await open(journal, 'wx');
    await notes.writeFile(line);
    await notes.sync();
    return new PartialFile(path, await open(partial, 'w'), notes, line.length);
  }

  /**
   * The head of an export that was broken off, and what was noted.
   * @throws KittiwakeError `export_exists`, `export_not_resumable`
   */
  static async inspect(path: string): Promise<{ head: PartialHead; notes: Buffer }> {
    if (await exists(path)) throw exportExists(path);
    const bytes = await readFile(namesOf(path).journal).catch(() => undefined);
    const end = bytes?.indexOf(0x0a) ?? -1;
    if (bytes === undefined || end < 0) throw nothingToResume(path);
    try {
      return { head: JSON.parse(bytes.toString('utf8', 0, end)), notes: bytes.subarray(end + 1) };
    } catch {
      throw partialDamaged(path, 'its journal cannot be read');
    }
  }

  /**
   * Goes on with an export that was broken off.
   * @param known how much of the file and of the notes is whole, in bytes; what is behind is cut off
   * @throws KittiwakeError `export_not_resumable`; the system's error
   */
  static async resume(path: string, known: { dataBytes: number; noteBytes: number }): Promise<PartialFile> {
    const { partial, journal } = namesOf(path);
    const found = await stat(partial).catch(() => undefined);
    if ((found?.size ?? 0) < known.dataBytes)
      throw partialDamaged(path, `"${partial}" is shorter than its journal says`);
    const headBytes = (await readFile(journal)).indexOf(0x0a) + 1;
    const data = await open(partial, 'a');
    await data.truncate(known.dataBytes);
    await truncate(journal, headBytes + known.noteBytes);
    return new PartialFile(path, data, await open(journal, 'a'), headBytes);
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#unwritten.length + chunk.length > FLUSH_BYTES) await this.flush();
    if (chunk.length > FLUSH_BYTES) await this.#data.appendFile(chunk);
    else this.#unwritten.copy(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  }

  /** Notes what is true once all that was written up to now is durable. */
  note(bytes: Buffer): void {
    this.#notes.copy(bytes);
  }

  /** Replaces what was noted since the last flush. */
  noteOnly(bytes: Buffer): void {
    this.#notes.clear();
    this.#notes.copy(bytes);
  }

  async flush(): Promise<void> {
    const [chunks, notes] = [this.#unwritten.written, this.#notes.written];
    this.#unwritten.clear();
    this.#notes.clear();
    if (chunks.length > 0) await this.#data.appendFile(chunks);
    await this.#data.datasync();
    if (notes.length > 0) await this.#journal.appendFile(notes);
  }

  /** All that was noted and flushed. */
  notes(): AsyncIterable<Uint8Array> {
    return createReadStream(namesOf(this.#path).journal, { start: this.#headBytes });
  }

  /** Gives the file its name. */
  async finish(): Promise<void> {
    await this.flush();
    await this.close();
    const { partial, journal } = namesOf(this.#path);
    await rename(partial, this.#path);
    await rm(journal);
    const folder = await open(dirname(this.#path));
    await folder.sync().finally(() => folder.close());
  }

  /** Leaves what is there to be resumed. */
  async close(): Promise<void> {
    await Promise.all([this.#data.close(), this.#journal.close()]);
  }
}

function namesOf(path: string): { partial: string; journal: string } {
  return { partial: `${path}.partial`, journal: `${path}.journal` };
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

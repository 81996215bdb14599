import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReusedBytes } from '../../git/reused-bytes.ts';

/** The directory that ends an archive, while its entries are written: kept apart, as there may be millions. */
export interface ZipDirectory {
  /** Of the records so far. */
  readonly bytes: number;
  readonly count: number;
  add(record: Buffer): void;
  /** All records, in turn. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Records in memory up to this size; more go to a temporary file. */
const HELD_BYTES = 1 << 20;
const READ_BYTES = 1 << 20;

/** A directory that is in memory while it is small, and in a temporary file of this machine then. To be closed. */
export class SpilledDirectory implements ZipDirectory {
  readonly #held = new ReusedBytes();
  #spilled = 0;
  #file: { descriptor: number; folder: string } | undefined;
  count = 0;

  get bytes(): number {
    return this.#spilled + this.#held.length;
  }

  add(record: Buffer): void {
    if (this.#held.length + record.length > HELD_BYTES) this.#spill();
    this.#held.copy(record);
    this.count += 1;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; this.#file !== undefined && at < this.#spilled; ) {
      const chunk = Buffer.alloc(Math.min(READ_BYTES, this.#spilled - at));
      at += readSync(this.#file.descriptor, chunk, 0, chunk.length, at);
      yield chunk;
    }
    yield this.#held.written;
  }

  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file.descriptor);
    rmSync(this.#file.folder, { recursive: true, force: true });
    this.#file = undefined;
  }

  #spill(): void {
    this.#file ??= temporaryFile();
    const bytes = this.#held.written;
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file.descriptor, bytes, at);
    this.#spilled += bytes.length;
    this.#held.clear();
  }
}

function temporaryFile(): { descriptor: number; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-export-'));
  return { descriptor: openSync(join(folder, 'directory'), 'wx+'), folder };
}

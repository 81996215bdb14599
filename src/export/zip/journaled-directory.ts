import type { PartialFile } from '../partial-file.ts';
import type { ZipDirectory } from './zip-directory.ts';
import { readCentralRecord } from './zip-format.ts';

/** How far a ZIP file had come that was broken off. */
export interface ZipProgress {
  count: number;
  /** Of the records. */
  bytes: number;
  /** The last file, and where its entry ends; undefined: there was none. */
  from: { path: string; offset: number } | undefined;
}

/** @param notes the records of the entries, as they were noted; the last may be cut off */
export function readProgress(notes: Buffer): ZipProgress {
  const progress: ZipProgress = { count: 0, bytes: 0, from: undefined };
  for (let at = 0; ; ) {
    const record = readCentralRecord(notes, at);
    if (record === undefined) return progress;
    at += record.length;
    progress.count += 1;
    progress.bytes = at;
    progress.from = { path: record.path, offset: record.end };
  }
}

/** The directory of an archive whose records are the notes of its {@link PartialFile}. */
export class JournaledDirectory implements ZipDirectory {
  readonly #file: PartialFile;
  readonly #read: () => AsyncIterable<Uint8Array>;
  bytes: number;
  count: number;

  /** @param read what was noted, from the first record on */
  constructor(
    file: PartialFile,
    read: () => AsyncIterable<Uint8Array>,
    { bytes, count }: Pick<ZipProgress, 'bytes' | 'count'>,
  ) {
    this.#file = file;
    this.#read = read;
    this.bytes = bytes;
    this.count = count;
  }

  add(record: Buffer): void {
    this.#file.note(record);
    this.bytes += record.length;
    this.count += 1;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    await this.#file.flush();
    yield* this.#read();
  }
}

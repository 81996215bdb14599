import type { PathTable } from './path-table.ts';

/** The files of an archive or of a folder, of which the names are in memory and the contents are not. */
export interface FileList {
  /** By number; {@link FileList.order} and all methods speak of these numbers. */
  readonly paths: PathTable;
  /** In which they are best read: as they lie in the archive. */
  readonly order: Uint32Array;
  /** What stands there and is no file to import. */
  readonly left: LeftOut;
  /** Bytes of the archive, or of all files of the folder. */
  readonly bytes: number;
  /** Of the content. */
  size(file: number): number;
  /** Bytes that reading it takes. */
  storedSize(file: number): number;
  /** Why it cannot be taken whatever it holds; undefined: it can be tried. */
  refusal(file: number): EntryRefusal | undefined;
  /** All of it. @throws KittiwakeError `entry_corrupt`, `source_replaced` */
  read(file: number): Promise<Buffer>;
  /** The same in pieces, any number of times. */
  open(file: number): AsyncIterable<Uint8Array>;
  /** A small file that is not among these because it is hidden: settings of the program that wrote it. */
  hidden(path: string): Promise<Buffer | undefined>;
  /** Paths of hidden files that say which program wrote it, in no order. */
  readonly marks: readonly string[];
}

export interface EntryRefusal {
  code: string;
  message: string;
}

const MOST_TOLD = 1000;

/** What was left out on purpose, the first 1,000 by name. */
export class LeftOut {
  readonly told: { path: string; reason: string }[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(path: string, reason: string): void {
    this.#count += 1;
    if (this.told.length < MOST_TOLD) this.told.push({ path, reason });
  }
}

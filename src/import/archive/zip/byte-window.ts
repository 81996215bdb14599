import type { SourceFile } from '../../source.ts';

const WINDOW_BYTES = 2 << 20;

/** Reads a file piecewise: what lies near behind the last piece is there already. */
export class ByteWindow {
  readonly #file: Pick<SourceFile, 'read' | 'size'>;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(file: Pick<SourceFile, 'read' | 'size'>) {
    this.#file = file;
  }

  /** What is there already. It is valid as long as it is held. */
  at(start: number, end: number): Buffer | undefined {
    const from = start - this.#start;
    if (from < 0 || end - this.#start > this.#bytes.length) return undefined;
    return this.#bytes.subarray(from, end - this.#start);
  }

  /** Fewer bytes than asked for only at the end of the file. */
  async read(start: number, end: number): Promise<Buffer> {
    const present = this.at(start, end);
    if (present) return present;
    const stop = Math.min(this.#file.size, end);
    if (start < 0 || start >= stop) return Buffer.alloc(0);
    if (stop - start > WINDOW_BYTES) return await this.#file.read(start, stop);
    const bytes = await this.#file.read(start, Math.min(this.#file.size, start + WINDOW_BYTES));
    this.#start = start;
    this.#bytes = bytes;
    return bytes.subarray(0, stop - start);
  }
}

import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import type { SourceFile } from '../../source.ts';
import type { ByteWindow } from './byte-window.ts';

/** What yauzl reads the directory of an archive through: in large pieces, not 46 bytes at a time. */
export class RandomReader extends RandomAccessReader {
  readonly #window: ByteWindow;
  readonly #file: SourceFile;

  constructor(file: SourceFile, window: ByteWindow) {
    super();
    this.#file = file;
    this.#window = window;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    const take = (bytes: Buffer) => callback(null, bytes.copy(buffer, offset));
    const bytes = this.#window.at(position, position + length);
    if (bytes) take(bytes);
    else this.#window.read(position, position + length).then(take, callback);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from([this.#file.read(start, end)]);
  }
}

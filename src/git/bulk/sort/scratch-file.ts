import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

const WRITE_BYTES = 256 << 10;
const READ_BYTES = 256 << 10;

/** A file of this machine that is written from its start and then read in parts. Its name is gone at once, so nothing is left of it. */
export class ScratchFile {
  readonly #file: FileHandle;
  readonly #waiting = Buffer.allocUnsafe(WRITE_BYTES);
  #used = 0;
  #length = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<ScratchFile> {
    const { unlink } = await import('node:fs/promises');
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new ScratchFile(file);
  }

  /** Bytes that were appended. */
  get length(): number {
    return this.#length;
  }

  /** Copies the bytes. What is returned is to be awaited before more is appended. */
  append(bytes: Buffer, start = 0, end = bytes.length): void | Promise<void> {
    if (this.#used + end - start > WRITE_BYTES) return this.#overflow(bytes, start, end);
    this.#used += bytes.copy(this.#waiting, this.#used, start, end);
    this.#length += end - start;
  }

  async #overflow(bytes: Buffer, start: number, end: number): Promise<void> {
    await this.flush();
    if (end - start <= WRITE_BYTES) return this.append(bytes, start, end);
    await this.#write(bytes.subarray(start, end));
    this.#length += end - start;
  }

  async flush(): Promise<void> {
    await this.#write(this.#waiting.subarray(0, this.#used));
    this.#used = 0;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, null);
      at += bytesWritten;
    }
  }

  async read(start: number, end: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(end - start);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.#file.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) throw new RangeError(`Reading ${end} bytes of a scratch file of fewer`);
      filled += bytesRead;
    }
    return bytes;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < this.#length; at += READ_BYTES)
      yield await this.read(at, Math.min(this.#length, at + READ_BYTES));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

const WRITE_BYTES = 256 << 10;
const READ_BYTES = 256 << 10;

/** A file of this machine that is written from its start and then read in parts. Its name is gone at once, so nothing is left of it. */
export class ScratchFile {
  readonly #file: FileHandle;
  #parts: Uint8Array[] = [];
  #partBytes = 0;
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

  /** The bytes belong to the file from now on. */
  append(bytes: Uint8Array): void | Promise<void> {
    this.#parts.push(bytes);
    this.#partBytes += bytes.length;
    this.#length += bytes.length;
    if (this.#partBytes >= WRITE_BYTES) return this.flush();
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partBytes = 0;
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

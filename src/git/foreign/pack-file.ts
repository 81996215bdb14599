import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { packCorrupt } from '../errors.ts';

/** A pack that lies in a file of this machine, maybe behind other bytes. Read by ranges, which the system caches. */
export class PackFile {
  readonly #descriptor: number;
  readonly #start: number;
  /** Of the pack, in bytes. */
  size: number;

  private constructor(descriptor: number, start: number) {
    this.#descriptor = descriptor;
    this.#start = start;
    this.size = fstatSync(descriptor).size - start;
  }

  /** @param start where the pack begins in the file */
  static open(path: string, start = 0): PackFile {
    return new PackFile(openSync(path, 'r'), start);
  }

  /** A file that is ours: see {@link PackFile.replaceEnd}. */
  static openOwn(path: string): PackFile {
    return new PackFile(openSync(path, 'r+'), 0);
  }

  /** Writes bytes from `at` on, with which the pack ends then. */
  replaceEnd(at: number, bytes: Buffer): void {
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#start + at + done);
    this.size = at + bytes.length;
  }

  /**
   * Bytes from `start` to `end` (exclusive), cut to what is there.
   * @param into memory for them. Default: new memory
   * @throws KittiwakeError `pack_corrupt` when the file is shorter than it was
   */
  read(start: number, end: number, into?: Buffer): Buffer {
    const length = Math.max(0, Math.min(end, this.size) - start);
    const bytes = into?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length);
    for (let done = 0; done < bytes.length; ) {
      const position = this.#start + start + done;
      const count = readSync(this.#descriptor, bytes, done, bytes.length - done, position);
      if (count === 0) throw packCorrupt('its file became shorter while it was read');
      done += count;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

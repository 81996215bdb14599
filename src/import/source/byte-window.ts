import type { PlainChunk } from './bytes/plain-chunk.ts';

/** The next bytes of a text that comes in chunks, in one piece. */
export class ByteWindow {
  readonly #chunks: AsyncIterator<PlainChunk>;
  readonly #limit: number;
  #buffer = Buffer.alloc(0);
  #filled = 0;
  #rest: Uint8Array = new Uint8Array(0);
  /** Bytes that chunks brought so far. */
  #brought = 0;
  #isEnded = false;
  #bytesRead = 0;

  /** @param limit bytes after which the text is taken to end */
  constructor(chunks: AsyncIterable<PlainChunk>, limit: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#limit = limit;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#filled);
  }

  /** Nothing follows what is in the window. */
  get isLast(): boolean {
    return this.#isEnded && this.#rest.length === 0;
  }

  /** Bytes of the file that were read for all this. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Adds to the window until it has `size` bytes or the text ends. */
  async fill(size: number): Promise<void> {
    if (this.#buffer.length < size) this.#move(this.#filled, 0, size);
    while (this.#filled < size && !this.isLast) {
      if (this.#rest.length === 0) this.#rest = await this.#next();
      const taken = this.#rest.subarray(0, size - this.#filled);
      this.#buffer.set(taken, this.#filled);
      this.#filled += taken.length;
      this.#rest = this.#rest.subarray(taken.length);
    }
    // Whether anything follows is known only when it is there.
    while (this.#rest.length === 0 && !this.#isEnded) this.#rest = await this.#next();
  }

  /** Takes bytes from the beginning of the window. Their memory is the caller's. */
  take(count: number): Uint8Array<ArrayBuffer> {
    const taken = this.#buffer.subarray(0, count);
    this.#move(this.#filled - count, count, this.#buffer.length);
    return taken;
  }

  /**
   * Gives all that is in the window, then chunk after chunk, to `find`, until it tells how many bytes of a chunk it takes: -1 is
   * all, and on. Answers how many bytes that was, and whether the text ended first.
   */
  async passOver(find: (chunk: Uint8Array) => number): Promise<{ bytes: number; isAtEnd: boolean }> {
    let passed = 0;
    let chunk: Uint8Array = this.take(this.#filled);
    for (;;) {
      const taken = find(chunk);
      if (taken >= 0) {
        this.#unread(chunk.subarray(taken));
        return { bytes: passed + taken, isAtEnd: false };
      }
      passed += chunk.length;
      if (this.isLast) return { bytes: passed, isAtEnd: true };
      chunk = this.#rest.length > 0 ? this.#rest : await this.#next();
      this.#rest = new Uint8Array(0);
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #unread(bytes: Uint8Array): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([bytes, this.#rest]);
  }

  #move(count: number, from: number, size: number): void {
    const buffer = Buffer.allocUnsafeSlow(size);
    this.#buffer.copy(buffer, 0, from, from + count);
    this.#buffer = buffer;
    this.#filled = count;
  }

  async #next(): Promise<Uint8Array> {
    if (this.#brought >= this.#limit) {
      this.#isEnded = true;
      return new Uint8Array(0);
    }
    const next = await this.#chunks.next();
    if (next.done === true) {
      this.#isEnded = true;
      return new Uint8Array(0);
    }
    const { bytes, bytesRead } = next.value;
    this.#bytesRead = bytesRead;
    const kept = bytes.subarray(0, this.#limit - this.#brought);
    this.#brought += kept.length;
    if (this.#brought >= this.#limit) this.#isEnded = true;
    return kept;
  }
}

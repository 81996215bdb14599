import { KittiwakeError } from '../core/errors.ts';

/** Appends integers, strings and ids to a growing buffer. Integers are LEB128: seven bits a byte, lowest first. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity = 512) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + count));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }

  byte(value: number): this {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
    return this;
  }

  /** A whole number from 0 to 2^53 - 1. */
  uint(value: number): this {
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
    return this;
  }

  /** A whole number of either sign (zigzag). */
  int(value: number): this {
    return this.uint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** Length, then bytes. */
  bytes(bytes: Uint8Array): this {
    return this.uint(bytes.length).raw(bytes);
  }

  /** Length in bytes, then UTF-8. */
  string(text: string): this {
    const length = Buffer.byteLength(text);
    this.uint(length);
    this.#reserve(length);
    this.#buffer.write(text, this.#length);
    this.#length += length;
    return this;
  }

  /** An even number of hex digits as raw bytes, without a length. */
  hex(digits: string): this {
    const length = digits.length >> 1;
    this.#reserve(length);
    this.#buffer.write(digits, this.#length, 'hex');
    this.#length += length;
    return this;
  }

  /** What was written; the writer must not be used afterwards, but by {@link ByteWriter.clear}. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Begins again in the same memory, which is that of what was finished too. */
  clear(): void {
    this.#length = 0;
  }
}

/** Reads what {@link ByteWriter} wrote. @throws KittiwakeError `bytes_corrupt` past the end */
export class ByteReader {
  readonly #buffer: Buffer;
  #position: number;
  readonly #end: number;

  constructor(buffer: Buffer, start = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.#position = start;
    this.#end = end;
  }

  get position(): number {
    return this.#position;
  }

  get done(): boolean {
    return this.#position >= this.#end;
  }

  #take(count: number): number {
    const start = this.#position;
    if (count < 0 || start + count > this.#end) {
      throw new KittiwakeError(
        'bytes_corrupt',
        `Reading ${count} bytes at ${start} goes past the end at ${this.#end}`,
      );
    }
    this.#position = start + count;
    return start;
  }

  byte(): number {
    return this.#buffer[this.#take(1)] as number;
  }

  uint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const next = this.byte();
      value += (next & 0x7f) * scale;
      if (next < 0x80) break;
      scale *= 0x80;
    }
    if (value > Number.MAX_SAFE_INTEGER) {
      throw new KittiwakeError('bytes_corrupt', `Reading a number at ${this.#position} gives more than 2^53`);
    }
    return value;
  }

  int(): number {
    const value = this.uint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  raw(count: number): Buffer {
    const start = this.#take(count);
    return this.#buffer.subarray(start, start + count);
  }

  bytes(): Buffer {
    return this.raw(this.uint());
  }

  string(): string {
    const length = this.uint();
    const start = this.#take(length);
    return this.#buffer.toString('utf8', start, start + length);
  }

  hex(count: number): string {
    const start = this.#take(count);
    return this.#buffer.toString('hex', start, start + count);
  }
}

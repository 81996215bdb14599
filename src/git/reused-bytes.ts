/** So many are copied before a call into Node has begun. */
const FEW_BYTES = 64;

/** A growing buffer that is used again and again: large ones that are made anew each time stay in memory long after. */
export class ReusedBytes {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 512) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written, until {@link ReusedBytes.clear}. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  byte(value: number): this {
    this.reserve(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  /** As `ByteWriter.uint`. */
  uint(value: number): this {
    this.reserve(8);
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
    this.#bytes[this.#length++] = rest;
    return this;
  }

  copy(from: Buffer, start = 0, end = from.length): this {
    this.reserve(end - start);
    if (end - start > FEW_BYTES) this.#length += from.copy(this.#bytes, this.#length, start, end);
    else for (let at = start; at < end; at += 1) this.#bytes[this.#length++] = from[at] as number;
    return this;
  }
}

/** Bytes that {@link ReusedBytes.uint} takes for a number. */
export function uintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}

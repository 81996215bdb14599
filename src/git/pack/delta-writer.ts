const MAX_COPY = 0xffffff;
const MAX_INSERT = 0x7f;

/** Collects the instructions of one delta; neighbouring ones of a kind are joined. */
export class DeltaWriter {
  #bytes: Buffer = Buffer.allocUnsafe(128);
  #length = 0;
  /** A copy that may still be extended. */
  #start = 0;
  #end = 0;
  /** Where the open insert's length byte stands; -1 when none is open. */
  #insertAt = -1;

  constructor(baseLength: number, targetLength: number) {
    this.#size(baseLength);
    this.#size(targetLength);
  }

  /** Bytes so far, an open copy aside. */
  get length(): number {
    return this.#length;
  }

  copy(start: number, end: number): void {
    if (end <= start) return;
    if (start !== this.#end || this.#start === this.#end) {
      this.#flushCopy();
      this.#start = start;
    }
    this.#end = end;
    this.#insertAt = -1;
  }

  insert(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#flushCopy();
    this.#reserve(bytes.length + Math.ceil(bytes.length / MAX_INSERT) + 1);
    for (let from = 0; from < bytes.length; ) {
      if (this.#insertAt < 0 || this.#bytes[this.#insertAt] === MAX_INSERT) {
        this.#insertAt = this.#length++;
        this.#bytes[this.#insertAt] = 0;
      }
      const filled = this.#bytes[this.#insertAt] as number;
      const count = Math.min(MAX_INSERT - filled, bytes.length - from);
      this.#bytes.set(bytes.subarray(from, from + count), this.#length);
      this.#bytes[this.#insertAt] = filled + count;
      this.#length += count;
      from += count;
    }
  }

  finish(): Buffer {
    this.#flushCopy();
    return this.#bytes.subarray(0, this.#length);
  }

  #flushCopy(): void {
    for (let start = this.#start; start < this.#end; start += MAX_COPY) {
      this.#copyOp(start, Math.min(this.#end - start, MAX_COPY));
    }
    this.#start = this.#end = 0;
  }

  #copyOp(offset: number, size: number): void {
    this.#reserve(8);
    const opAt = this.#length++;
    let op = 0x80;
    for (let i = 0, rest = offset; i < 4; i += 1, rest = Math.floor(rest / 256)) {
      if (rest % 256 === 0) continue;
      this.#bytes[this.#length++] = rest % 256;
      op |= 1 << i;
    }
    for (let i = 0, rest = size === 0x10000 ? 0 : size; i < 3; i += 1, rest >>= 8) {
      if ((rest & 0xff) === 0) continue;
      this.#bytes[this.#length++] = rest & 0xff;
      op |= 0x10 << i;
    }
    this.#bytes[opAt] = op;
  }

  #size(value: number): void {
    this.#reserve(8);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

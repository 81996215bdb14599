import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PAGE_BYTES = 1 << 20;
const DEFAULT_PAGES = 32;

/**
 * Strings by number, in constant memory but for eight bytes each. Above so many pages of a megabyte the rest lies in a file without
 * a name, of which as many pages are at hand again: a table is mostly used in the order in which it was written.
 */
export class StringTable {
  readonly #maxPages: number;
  #starts = new Float64Array(1024);
  #count = 0;
  #bytes = 0;
  #tail = Buffer.allocUnsafeSlow(PAGE_BYTES);
  readonly #pages: Buffer[] = [];
  readonly #atHand = new Map<number, Buffer>();
  readonly #tooLarge = new Set<number>();
  #file: number | undefined;

  constructor(maxPages = DEFAULT_PAGES) {
    this.#maxPages = maxPages;
  }

  get count(): number {
    return this.#count;
  }

  /** Of all strings, as UTF-8. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param text undefined: it was too large */
  add(text: string | undefined): void {
    if (text === undefined) this.#tooLarge.add(this.#count);
    // One more for the end of the last.
    if (this.#count + 1 === this.#starts.length) this.#grow();
    this.#append(Buffer.from(text ?? ''));
    this.#count += 1;
    this.#starts[this.#count] = this.#bytes;
  }

  /** Undefined: it was too large. @throws RangeError where there is none of the number */
  get(index: number): string | undefined {
    if (!(Number.isInteger(index) && index >= 0 && index < this.#count))
      throw new RangeError(`There is no string ${index}`);
    if (this.#tooLarge.has(index)) return undefined;
    const start = this.#starts[index] as number;
    const end = this.#starts[index + 1] as number;
    const parts: Buffer[] = [];
    for (let at = start; at < end; ) {
      const page = Math.floor(at / PAGE_BYTES);
      const stop = Math.min(end, (page + 1) * PAGE_BYTES);
      parts.push(this.#page(page).subarray(at - page * PAGE_BYTES, stop - page * PAGE_BYTES));
      at = stop;
    }
    return parts.length === 1 ? String(parts[0]) : Buffer.concat(parts).toString();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #grow(): void {
    const starts = new Float64Array(this.#starts.length * 2);
    starts.set(this.#starts);
    this.#starts = starts;
  }

  #append(bytes: Buffer): void {
    for (let taken = 0; taken < bytes.length; ) {
      const filled = this.#bytes % PAGE_BYTES;
      const copied = bytes.copy(this.#tail, filled, taken);
      taken += copied;
      this.#bytes += copied;
      if (filled + copied === PAGE_BYTES) this.#keepTail();
    }
  }

  #keepTail(): void {
    const index = this.#bytes / PAGE_BYTES - 1;
    if (index >= this.#maxPages) {
      this.#file ??= namelessFile();
      writeSync(this.#file, this.#tail, 0, PAGE_BYTES, index * PAGE_BYTES);
      return;
    }
    this.#pages.push(this.#tail);
    this.#tail = Buffer.allocUnsafeSlow(PAGE_BYTES);
  }

  #page(index: number): Buffer {
    if (index === Math.floor(this.#bytes / PAGE_BYTES)) return this.#tail;
    const known = this.#pages[index] ?? this.#atHand.get(index);
    if (known !== undefined || this.#file === undefined) return known ?? this.#tail;
    const page = Buffer.allocUnsafeSlow(PAGE_BYTES);
    readSync(this.#file, page, 0, PAGE_BYTES, index * PAGE_BYTES);
    const oldest = this.#atHand.size >= this.#maxPages ? this.#atHand.keys().next().value : undefined;
    if (oldest !== undefined) this.#atHand.delete(oldest);
    this.#atHand.set(index, page);
    return page;
  }
}

/** A file that is gone when it is closed, or this process ends. */
function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-strings-'));
  try {
    return openSync(join(folder, 'strings'), 'wx+');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import type { BulkRow } from '../bulk-run.ts';
import { HAS_DESCRIPTION, HAS_PLACE, HAS_TARGETS, OID_BYTES, readRunRow } from '../run-file.ts';

/** One run as it is merged: stands at a row, of which it tells where in {@link RunCursor.bytes} its parts are. */
export class RunCursor {
  /** Which of the runs. */
  readonly run: number;
  readonly #windows: AsyncIterator<Buffer>;
  bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #at = 0;
  #next = 0;
  pathStart = 0;
  pathEnd = 0;
  oidStart = 0;
  size = 0;
  hasPlace = false;
  /** Of the place. */
  offset = 0;
  length = 0;
  /** Both 0: there is none. */
  descriptionStart = 0;
  descriptionEnd = 0;
  targetCount = 0;
  #targetsStart = 0;
  source = 0;
  row = 0;

  constructor(run: number, windows: AsyncIterable<Buffer>) {
    this.run = run;
    this.#windows = windows[Symbol.asyncIterator]();
  }

  /** Goes to the next row; false behind the last one. */
  next(): boolean | Promise<boolean> {
    if (this.#next >= this.bytes.length) return this.#refill();
    this.#read();
    return true;
  }

  async #refill(): Promise<boolean> {
    const window = await this.#windows.next();
    if (window.done) return false;
    this.bytes = window.value;
    this.#next = 0;
    return this.next();
  }

  async close(): Promise<void> {
    await this.#windows.return?.();
  }

  /** The row as a value. */
  value(): BulkRow {
    return readRunRow(this.bytes, this.#start).row;
  }

  #read(): void {
    this.#at = this.#next;
    const pathLength = this.#uint();
    this.pathStart = this.#at;
    this.pathEnd = this.#at + pathLength;
    this.oidStart = this.pathEnd;
    this.#at = this.oidStart + OID_BYTES;
    this.size = this.#uint();
    const flags = this.bytes[this.#at++] as number;
    this.hasPlace = (flags & HAS_PLACE) !== 0;
    if (this.hasPlace) {
      this.offset = this.#uint();
      this.length = this.#uint();
    }
    this.#readDescribed(flags);
    this.source = this.#uint();
    this.row = this.#uint();
    this.#start = this.#next;
    this.#next = this.#at;
  }

  #readDescribed(flags: number): void {
    this.descriptionStart = 0;
    this.descriptionEnd = 0;
    if (flags & HAS_DESCRIPTION) {
      const length = this.#uint();
      this.descriptionStart = this.#at;
      this.#at += length;
      this.descriptionEnd = this.#at;
    }
    this.targetCount = flags & HAS_TARGETS ? this.#uint() : 0;
    this.#targetsStart = this.#at;
    for (let left = this.targetCount; left > 0; left -= 1) {
      const length = this.#uint();
      this.#at += length;
    }
  }

  /** Calls `visit` with where each target begins and ends. */
  eachTarget(visit: (start: number, end: number) => void): void {
    const behind = this.#at;
    this.#at = this.#targetsStart;
    for (let left = this.targetCount; left > 0; left -= 1) {
      const length = this.#uint();
      const start = this.#at;
      this.#at += length;
      visit(start, this.#at);
    }
    this.#at = behind;
  }

  /** LEB128, as {@link ByteReader} reads it; the window's checksum was right. */
  #uint(): number {
    const { bytes } = this;
    let byte = bytes[this.#at++] as number;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      byte = bytes[this.#at++] as number;
      value += (byte & 0x7f) * scale;
    }
    return value;
  }
}

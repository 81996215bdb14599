import { crc32 } from 'node:zlib';
import { ByteWriter } from '../byte-codec.ts';
import { comparePaths } from '../object/paths.ts';
import type { BulkRow } from './bulk-run.ts';
import { BLOCK_BYTES, BLOCK_HEADER_BYTES, writeRunRow } from './run-file.ts';

const SURROGATE = /[\ud800-\udfff]/;

/**
 * Makes rows, in whatever order they come, into a run. They are kept as bytes, beside what they are sorted by: as objects they would be
 * copied by V8 while they are few, and marked while they are many, which takes as long as all else that is done with them.
 */
export class RunBuilder {
  #bytes = new ByteWriter(FIRST_BYTES);
  #paths: string[] = [];
  #sources: number[] = [];
  #rows: number[] = [];
  /** Where each row ends. */
  #ends: number[] = [];

  get count(): number {
    return this.#paths.length;
  }

  add(row: BulkRow): void {
    writeRunRow(this.#bytes, row);
    this.#paths.push(row.path);
    this.#sources.push(row.source);
    this.#rows.push(row.row);
    this.#ends.push(this.#bytes.length);
  }

  /** The run, in memory of its own, sorted by the bytes of the path, then source, then row. The builder is empty afterwards. */
  finish(): Buffer {
    const rows = this.#bytes.finish();
    const run = Buffer.allocUnsafeSlow(
      rows.length + BLOCK_HEADER_BYTES * (Math.floor(rows.length / BLOCK_BYTES) + 1),
    );
    let end = 0;
    let start = 0;
    for (const row of this.#order()) {
      if (end === start) end += BLOCK_HEADER_BYTES;
      end += rows.copy(run, end, this.#ends[row - 1] ?? 0, this.#ends[row]);
      if (end - start - BLOCK_HEADER_BYTES >= BLOCK_BYTES) start = endBlock(run, start, end);
    }
    if (end > start) endBlock(run, start, end);
    this.#clear();
    return run.subarray(0, end);
  }

  #order(): number[] {
    const paths = this.#paths;
    const compare = paths.some(path => SURROGATE.test(path)) ? comparePaths : compareUnits;
    const order = paths.map((_, index) => index);
    return order.sort(
      (a, b) =>
        compare(paths[a] as string, paths[b] as string) ||
        (this.#sources[a] as number) - (this.#sources[b] as number) ||
        (this.#rows[a] as number) - (this.#rows[b] as number),
    );
  }

  #clear(): void {
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = new ByteWriter(FIRST_BYTES);
    else this.#bytes.clear();
    this.#paths = [];
    this.#sources = [];
    this.#rows = [];
    this.#ends = [];
  }
}

const FIRST_BYTES = 1 << 20;
/** More is given back after a batch. */
const KEPT_BYTES = 8 << 20;

/** The order of bytes, where no half of a surrogate pair is among them. */
function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns where the next block begins. */
function endBlock(run: Buffer, start: number, end: number): number {
  const rows = run.subarray(start + BLOCK_HEADER_BYTES, end);
  run.writeUInt32BE(rows.length, start);
  run.writeUInt32BE(crc32(rows), start + 4);
  return end;
}

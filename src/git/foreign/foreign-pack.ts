import type { GitObject, ObjectType, Oid } from '../object/objects.ts';
import { readEntryHeader } from '../pack/pack-entry.ts';
import { PackFile } from './pack-file.ts';
import { PackObjects } from './pack-objects.ts';
import type { PackTable } from './pack-table.ts';
import { resolveDeltas } from './resolve-deltas.ts';
import { inflatedRange, LARGE_BYTES, scanPackFile } from './scan-pack-file.ts';

/** An entry as it lies in its pack. */
export interface ForeignEntry {
  oid: Oid;
  type: ObjectType;
  /** What it is a delta against; absent: it lies whole. */
  base: Oid | undefined;
  /** Of the payload: the object, or the delta. */
  size: number;
  deflated: Buffer;
}

export interface OpenOptions {
  /** Where the pack begins in the file, in bytes. Default 0. */
  start?: number;
  signal?: AbortSignal | undefined;
}

/** A blob that is read in pieces. */
export interface ForeignStream {
  size: number;
  chunks: AsyncIterable<Uint8Array>;
}

/**
 * A pack of another repository, in a file. Every object of it was inflated and its id computed from its bytes: nothing is believed that
 * an index says. In memory: about 40 bytes an object, and some MiB of objects that were read lately.
 */
export class ForeignPack {
  readonly #file: PackFile;
  readonly #table: PackTable;
  readonly #objects: PackObjects;

  private constructor(file: PackFile, table: PackTable) {
    this.#file = file;
    this.#table = table;
    this.#objects = new PackObjects(file, table);
  }

  /** @throws KittiwakeError `pack_corrupt`, `delta_corrupt`; what `signal` is aborted with */
  static async open(path: string, { start, signal }: OpenOptions = {}): Promise<ForeignPack> {
    const file = PackFile.open(path, start);
    try {
      const scanned = await scanPackFile(file, signal);
      const pack = new ForeignPack(file, scanned.table);
      await resolveDeltas(scanned, pack.#objects, signal);
      scanned.table.sort();
      return pack;
    } catch (error) {
      file.close();
      signal?.throwIfAborted();
      throw error;
    }
  }

  /** In the pack's order, in which bases mostly come before what builds on them. */
  *oids(): Generator<Oid> {
    for (let number = 0; number < this.#table.count; number += 1) yield this.#table.oid(number);
  }

  typeOf(oid: Oid): ObjectType | undefined {
    const number = this.#table.find(oid);
    return number < 0 ? undefined : this.#table.type(number);
  }

  /** What an object lies as a delta against. */
  baseOf(oid: Oid): Oid | undefined {
    const number = this.#table.find(oid);
    const base = number < 0 ? -1 : this.#table.base(number);
    return base < 0 ? undefined : this.#table.oid(base);
  }

  entry(oid: Oid): ForeignEntry | undefined {
    const number = this.#table.find(oid);
    const type = number < 0 ? undefined : this.#table.type(number);
    if (type === undefined) return undefined;
    const base = this.#table.base(number);
    return {
      oid,
      type,
      base: base < 0 ? undefined : this.#table.oid(base),
      ...this.#objects.payload(number),
    };
  }

  /** A blob that lies whole and is so large that it is not held; undefined for all others. */
  large(oid: Oid): ForeignStream | undefined {
    const number = this.#table.find(oid);
    if (number < 0 || this.#table.type(number) !== 'blob' || this.#table.base(number) >= 0) return undefined;
    const [start, end] = [this.#table.offset(number), this.#table.end(number)];
    const { size, length } = readEntryHeader(this.#file.read(start, Math.min(end, start + 32)));
    if (size < LARGE_BYTES) return undefined;
    return { size, chunks: inflatedRange(this.#file, start + length, end).chunks };
  }

  /** The object, its deltas applied. */
  object(oid: Oid): GitObject | undefined {
    const number = this.#table.find(oid);
    const type = number < 0 ? undefined : this.#table.type(number);
    return type === undefined ? undefined : { type, bytes: this.#objects.bytes(number) };
  }

  close(): void {
    this.#file.close();
  }
}

import { deflateFast } from '../object/deflate.ts';
import type { GitObject, ObjectType, Oid } from '../object/objects.ts';
import { encodeEntryHeader, readEntryHeader } from '../pack/pack-entry.ts';
import { PackFile } from './pack-file.ts';
import { PackObjects } from './pack-objects.ts';
import type { PackTable } from './pack-table.ts';
import { type ExternalBases, resolveDeltas } from './resolve-deltas.ts';
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
  /** Of objects that are not read in pieces. Default 256 MiB. */
  maxObjectBytes?: number | undefined;
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
  /** Without those that were added to resolve deltas. */
  readonly #count: number;

  private constructor(file: PackFile, { table, objects, count }: Opened) {
    this.#file = file;
    this.#table = table;
    this.#objects = objects;
    this.#count = count;
  }

  /** @throws KittiwakeError `pack_corrupt`, `delta_corrupt`; what `signal` is aborted with */
  static async open(path: string, options: OpenOptions = {}): Promise<ForeignPack> {
    return await ForeignPack.#opened(PackFile.open(path, options.start), options);
  }

  /**
   * A pack that may build on objects which it does not hold. Those are added to the file, which is ours.
   * @throws as {@link ForeignPack.open}; what `bases` throws
   */
  static async openThin(path: string, bases: ExternalBases, options: OpenOptions = {}): Promise<ForeignPack> {
    return await ForeignPack.#opened(PackFile.openOwn(path), options, bases);
  }

  static async #opened(file: PackFile, options: OpenOptions, bases?: ExternalBases): Promise<ForeignPack> {
    const { signal, maxObjectBytes } = options;
    try {
      const scanned = await scanPackFile(file, options);
      const { table } = scanned;
      const { count } = table;
      const objects = new PackObjects(file, table, maxObjectBytes);
      const add = bases && ((oid: Oid) => addBase(oid, bases, file, table));
      await resolveDeltas(scanned, objects, { signal, add });
      table.sort();
      return new ForeignPack(file, { table, objects, count });
    } catch (error) {
      file.close();
      signal?.throwIfAborted();
      throw error;
    }
  }

  /** In the pack's order, in which bases mostly come before what builds on them. */
  *oids(): Generator<Oid> {
    for (let number = 0; number < this.#count; number += 1) yield this.#table.oid(number);
  }

  /** What it builds on and does not hold. */
  *external(): Generator<Oid> {
    for (let number = this.#count; number < this.#table.count; number += 1) yield this.#table.oid(number);
  }

  /** Among those that it holds; -1: it does not. */
  #find(oid: Oid): number {
    const number = this.#table.find(oid);
    return number < this.#count ? number : -1;
  }

  typeOf(oid: Oid): ObjectType | undefined {
    const number = this.#find(oid);
    return number < 0 ? undefined : this.#table.type(number);
  }

  /** What an object lies as a delta against. */
  baseOf(oid: Oid): Oid | undefined {
    const number = this.#find(oid);
    const base = number < 0 ? -1 : this.#table.base(number);
    return base < 0 ? undefined : this.#table.oid(base);
  }

  entry(oid: Oid): ForeignEntry | undefined {
    const number = this.#find(oid);
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
    const number = this.#find(oid);
    if (number < 0 || this.#table.type(number) !== 'blob' || this.#table.base(number) >= 0) return undefined;
    const [start, end] = [this.#table.offset(number), this.#table.end(number)];
    const { size, length } = readEntryHeader(this.#file.read(start, Math.min(end, start + 32)));
    if (size < LARGE_BYTES) return undefined;
    return { size, chunks: inflatedRange(this.#file, start + length, end).chunks };
  }

  /** Bytes of an object, without making it. */
  size(oid: Oid): number | undefined {
    const number = this.#find(oid);
    return number < 0 ? undefined : this.#objects.size(number);
  }

  /** The object, its deltas applied. */
  object(oid: Oid): GitObject | undefined {
    const number = this.#find(oid);
    const type = number < 0 ? undefined : this.#table.type(number);
    return type === undefined ? undefined : { type, bytes: this.#objects.bytes(number) };
  }

  close(): void {
    this.#file.close();
  }
}

interface Opened {
  table: PackTable;
  objects: PackObjects;
  count: number;
}

/** Adds an object behind the last one, over the checksum, which was compared by then. */
async function addBase(
  oid: Oid,
  bases: ExternalBases,
  file: PackFile,
  table: PackTable,
): Promise<number | undefined> {
  const base = await bases(oid);
  if (base === undefined) return undefined;
  const number = table.count;
  const start = table.offset(number);
  const { type, bytes } = base;
  const entry = Buffer.concat([encodeEntryHeader(type, bytes.length), deflateFast(bytes)]);
  file.replaceEnd(start, entry);
  table.grow();
  table.setOffset(number + 1, start + entry.length);
  table.resolve(number, type, oid);
  return number;
}

import { readFile } from 'node:fs/promises';
import { Lru } from '../../core/lru.ts';
import type { GitObject, ObjectType, Oid } from '../../git/object/objects.ts';
import { applyDelta } from '../../git/pack/delta.ts';
import { inflateExactly, type PackEntry, readEntryHeader } from '../../git/pack/pack-entry.ts';
import { indexPack } from '../../git/pack/pack-scan.ts';
import { sourceCorrupt } from '../errors.ts';

const CACHE_BYTES = 64 << 20;

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

/**
 * A pack of another repository, in memory. Every object of it was inflated and its id computed from its bytes: nothing
 * is believed that an index says.
 */
export class ForeignPack {
  readonly #bytes: Buffer;
  readonly #entries: ReadonlyMap<Oid, PackEntry>;
  readonly #cache = new Lru<Oid, Buffer>(CACHE_BYTES);

  /** @throws KittiwakeError `source_corrupt` */
  constructor(path: string, bytes: Buffer) {
    this.#bytes = bytes;
    try {
      this.#entries = new Map(indexPack(bytes).map(entry => [entry.oid, entry]));
    } catch (error) {
      throw sourceCorrupt(path, error instanceof Error ? error.message : String(error), error);
    }
  }

  static async read(path: string): Promise<ForeignPack> {
    return new ForeignPack(path, await readFile(path));
  }

  /** In the pack's order, in which bases mostly come before what builds on them. */
  oids(): IterableIterator<Oid> {
    return this.#entries.keys();
  }

  typeOf(oid: Oid): ObjectType | undefined {
    return this.#entries.get(oid)?.type;
  }

  entry(oid: Oid): ForeignEntry | undefined {
    const found = this.#entries.get(oid);
    if (found === undefined) return undefined;
    const whole = this.#bytes.subarray(found.offset, found.offset + found.length);
    const header = readEntryHeader(whole);
    const { size, length } = header;
    return { oid, type: found.type, base: found.base, size, deflated: whole.subarray(length) };
  }

  /** The object, its deltas applied. */
  object(oid: Oid): GitObject | undefined {
    const type = this.typeOf(oid);
    return type === undefined ? undefined : { type, bytes: this.#resolve(oid) };
  }

  #resolve(oid: Oid): Buffer {
    const deltas: { oid: Oid; delta: Buffer }[] = [];
    let bytes: Buffer | undefined;
    for (let at: Oid | undefined = oid; at !== undefined && bytes === undefined; ) {
      bytes = this.#cache.get(at);
      if (bytes !== undefined) break;
      const { base, deflated, size } = this.entry(at) as ForeignEntry;
      const payload = inflateExactly(deflated, size);
      if (base === undefined) bytes = this.#keep(at, payload);
      else deltas.push({ oid: at, delta: payload });
      at = base;
    }
    let made = bytes ?? Buffer.alloc(0);
    for (const { oid: each, delta } of deltas.toReversed()) made = this.#keep(each, applyDelta(made, delta));
    return made;
  }

  #keep(oid: Oid, bytes: Buffer): Buffer {
    this.#cache.set(oid, bytes, bytes.length + 100);
    return bytes;
  }
}

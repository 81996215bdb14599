import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ForeignEntry,
  ForeignPack,
  type ForeignStream,
  type OpenOptions,
} from '../../git/foreign/foreign-pack.ts';
import type { ForeignSource } from '../../git/foreign/foreign-source.ts';
import type { GitObject, ObjectType, Oid } from '../../git/object/objects.ts';
import { sourceCorrupt } from '../errors.ts';
import { listLooseObjects, readLooseObject } from './loose-objects.ts';

/** All objects of another repository, each checked against its id. */
export class ForeignObjects implements ForeignSource {
  readonly #path: string;
  readonly #packs: readonly ForeignPack[];
  readonly #loose: ReadonlyMap<Oid, string>;

  constructor(path: string, packs: readonly ForeignPack[], loose: ReadonlyMap<Oid, string> = new Map()) {
    this.#path = path;
    this.#packs = packs;
    this.#loose = loose;
  }

  /** Goes over the packs below the object folders and lists their loose objects. To be closed. */
  static async open(path: string, folders: readonly string[], signal?: AbortSignal): Promise<ForeignObjects> {
    const packs: ForeignPack[] = [];
    const loose = new Map<Oid, string>();
    try {
      for (const folder of folders) {
        const names = await readdir(join(folder, 'pack')).catch(() => []);
        for (const name of names.filter(each => each.endsWith('.pack')).sort()) {
          packs.push(await openForeignPack(join(folder, 'pack', name), { signal }));
        }
        for (const [oid, file] of await listLooseObjects(folder)) loose.set(oid, file);
      }
    } catch (error) {
      for (const pack of packs) pack.close();
      throw error;
    }
    return new ForeignObjects(path, packs, loose);
  }

  /** Packed objects in their packs' order, then the loose ones; one that lies in several places comes again. */
  *oids(): Generator<Oid> {
    for (const pack of this.#packs) yield* pack.oids();
    yield* this.#loose.keys();
  }

  /** As it lies in the first pack that has it; undefined for loose and absent objects. */
  packed(oid: Oid): ForeignEntry | undefined {
    for (const pack of this.#packs) {
      const found = pack.entry(oid);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What {@link ForeignObjects.packed} lies as a delta against. */
  baseOf(oid: Oid): Oid | undefined {
    return this.#packs.find(pack => pack.typeOf(oid) !== undefined)?.baseOf(oid);
  }

  /** A blob that is better read in pieces; undefined for all others. */
  large(oid: Oid): ForeignStream | undefined {
    return this.#packs.find(pack => pack.typeOf(oid) !== undefined)?.large(oid);
  }

  /** The type, without reading a packed object. */
  async typeOf(oid: Oid): Promise<ObjectType | undefined> {
    for (const pack of this.#packs) {
      const type = pack.typeOf(oid);
      if (type !== undefined) return type;
    }
    const file = this.#loose.get(oid);
    return file === undefined ? undefined : (await readLooseObject(oid, file)).type;
  }

  /** @throws KittiwakeError `source_corrupt` when it is not there or of another type */
  async read(oid: Oid, wanted: ObjectType): Promise<Buffer> {
    const { type, bytes } = await this.object(oid);
    if (type !== wanted)
      throw sourceCorrupt(this.#path, `object ${oid} is a ${type} where a ${wanted} is needed`);
    return bytes;
  }

  /** @throws KittiwakeError `source_corrupt` when it is not there */
  async object(oid: Oid): Promise<GitObject> {
    for (const pack of this.#packs) {
      const found = pack.object(oid);
      if (found !== undefined) return found;
    }
    const file = this.#loose.get(oid);
    if (file === undefined) throw sourceCorrupt(this.#path, `object ${oid} is missing`);
    return await readLooseObject(oid, file);
  }

  close(): void {
    for (const pack of this.#packs) pack.close();
  }
}

/**
 * @param name for messages. Default: the path
 * @throws KittiwakeError `source_corrupt`; what `signal` is aborted with
 */
export async function openForeignPack(
  path: string,
  { name = path, signal, ...options }: OpenOptions & { name?: string },
): Promise<ForeignPack> {
  try {
    return await ForeignPack.open(path, { signal, ...options });
  } catch (error) {
    signal?.throwIfAborted();
    throw sourceCorrupt(name, error instanceof Error ? error.message : String(error), error);
  }
}

import { objectMissing } from '../errors.ts';
import type { ForeignEntry, ForeignPack, ForeignStream } from '../foreign/foreign-pack.ts';
import type { ForeignSource } from '../foreign/foreign-source.ts';
import { hashObject } from '../object/object-codec.ts';
import type { GitObject, ObjectType, Oid } from '../object/objects.ts';

/**
 * Objects that came and are in no wiki yet: those of a pack, each inflated and its id computed from its bytes, and
 * those that were added to them one by one, which are held in memory.
 */
export class IncomingObjects implements ForeignSource {
  readonly #pack: ForeignPack | undefined;
  readonly #added = new Map<Oid, GitObject>();
  /** Of the pack as it came; 0 without one. */
  readonly bytes: number;

  constructor(pack?: ForeignPack, bytes = 0) {
    this.#pack = pack;
    this.bytes = bytes;
  }

  /** Adds an object that was made here, for example a merge. */
  add(type: ObjectType, bytes: Buffer): Oid {
    const oid = hashObject(type, bytes);
    if (!this.has(oid)) this.#added.set(oid, { type, bytes });
    return oid;
  }

  /** Those of the pack in their order, then the others. */
  *oids(): Generator<Oid> {
    if (this.#pack) yield* this.#pack.oids();
    yield* this.#added.keys();
  }

  has(oid: Oid): boolean {
    return this.typeOf(oid) !== undefined;
  }

  typeOf(oid: Oid): ObjectType | undefined {
    return this.#pack?.typeOf(oid) ?? this.#added.get(oid)?.type;
  }

  /** What the pack builds on and does not hold. */
  *external(): Generator<Oid> {
    if (this.#pack) yield* this.#pack.external();
  }

  /** Bytes of an object that came. */
  size(oid: Oid): number | undefined {
    return this.#added.get(oid)?.bytes.length ?? this.#pack?.size(oid);
  }

  packed(oid: Oid): ForeignEntry | undefined {
    return this.#pack?.entry(oid);
  }

  baseOf(oid: Oid): Oid | undefined {
    return this.#pack?.baseOf(oid);
  }

  large(oid: Oid): ForeignStream | undefined {
    return this.#pack?.large(oid);
  }

  /** @throws KittiwakeError `object_missing`, `pack_corrupt` for one of more than 256 MiB */
  object(oid: Oid): GitObject {
    const found = this.#added.get(oid) ?? this.#pack?.object(oid);
    if (!found) throw objectMissing(oid, 'it did not come');
    return found;
  }

  close(): void {
    this.#pack?.close();
  }
}

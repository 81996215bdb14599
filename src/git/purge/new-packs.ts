import type { PackRef } from '../ledger/ledger.ts';
import type { ObjectType, Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { createDelta } from '../pack/delta.ts';
import { PackWriter } from '../pack/pack-writer.ts';
import type { Tree } from '../tree/tree.ts';
import { storePack } from '../upkeep/adopt.ts';

/** Of one pack: about what is held in memory at once. */
const PACK_BYTES = 64 << 20;
const MAX_DEPTH = 50;
/** Below it, a delta gains nothing. */
const MIN_DELTA_BYTES = 64;
const MAX_DELTA_BYTES = 8 << 20;

/** Packs of objects that were made anew. Trees come newest first, and older ones lie as deltas against them. */
export class NewPacks {
  readonly #repository: LedgerRepository;
  readonly #newest = new Map<string, { oid: Oid; bytes: Buffer }>();
  #writer = new PackWriter();
  readonly #known = new Set<Oid>();
  #isEmpty = true;
  #stored: PackRef[] = [];

  constructor(repository: LedgerRepository) {
    this.#repository = repository;
  }

  has(oid: Oid): boolean {
    return this.#known.has(oid);
  }

  async add(type: ObjectType, oid: Oid, bytes: Buffer): Promise<void> {
    this.#writer.add(type, oid, bytes);
    await this.#added(oid);
  }

  async addTree(path: string, tree: Tree): Promise<void> {
    const bytes = tree.bytes();
    const base = this.#newest.get(path);
    const fits = bytes.length >= MIN_DELTA_BYTES && bytes.length <= MAX_DELTA_BYTES;
    const isShallow = base !== undefined && fits && this.#writer.depth(base.oid) < MAX_DEPTH;
    const delta = isShallow ? createDelta(base.bytes, bytes) : undefined;
    if (base && delta) this.#writer.addDelta(base.oid, tree.oid, delta);
    else this.#writer.add('tree', tree.oid, bytes);
    this.#newest.set(path, { oid: tree.oid, bytes });
    await this.#added(tree.oid);
  }

  async #added(oid: Oid): Promise<void> {
    this.#known.add(oid);
    this.#isEmpty = false;
    if (this.#writer.byteLength >= PACK_BYTES) await this.#store();
  }

  /** Stores what is not stored yet. @returns the packs since the last call, newest first */
  async finish(): Promise<PackRef[]> {
    await this.#store();
    const packs = this.#stored.toReversed();
    this.#stored = [];
    return packs;
  }

  async #store(): Promise<void> {
    if (this.#isEmpty) return;
    const { pack, index, entries } = this.#writer.finish();
    const ref = await storePack(this.#repository, { pack, index, objects: entries.length });
    this.#stored.push(ref);
    this.#writer = new PackWriter();
    this.#isEmpty = true;
    this.#newest.clear();
  }
}

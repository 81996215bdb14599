import { singlePack } from '../git/commit/large-packs.ts';
import type { StreamedBlob } from '../git/large/large.ts';
import type { Place } from '../git/layer/layer.ts';
import type { PackRef } from '../git/ledger/ledger.ts';
import type { ObjectType, Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import { PackWriter } from '../git/pack/pack-writer.ts';
import { storePack } from '../git/upkeep/adopt.ts';

/** Input of one pack, in bytes: about what is held in memory at once. */
const BATCH_BYTES = 32 << 20;

/**
 * Writes objects into a few big packs and stores each as soon as it is full. Nothing refers to them until they are
 * adopted: those of an import that was stopped are orphans, which `gc` removes.
 */
export class PackBatches {
  readonly #repository: LedgerRepository;
  readonly #places = new Map<Oid, Place>();
  readonly #stored = new Set<Oid>();
  readonly packs: PackRef[] = [];
  /** Of the ledger before the first pack was stored. */
  collections = 0;
  #writer = new PackWriter();
  #whole: Oid[] = [];
  #held: Oid[] = [];
  #bytes = 0;

  constructor(repository: LedgerRepository) {
    this.#repository = repository;
  }

  has(oid: Oid): boolean {
    return this.#stored.has(oid) || this.#writer.has(oid);
  }

  /** True when `oid` is in the pack that is being written, so that a delta may build on it. */
  holds(oid: Oid): boolean {
    return this.#writer.has(oid);
  }

  async add(type: ObjectType, oid: Oid, bytes: Buffer | readonly Uint8Array[]): Promise<void> {
    if (this.has(oid)) return;
    const parts = Buffer.isBuffer(bytes) ? [bytes] : bytes;
    this.#writer.add(type, oid, Buffer.isBuffer(bytes) ? bytes : Buffer.concat(bytes));
    this.#whole.push(oid);
    await this.#count(
      oid,
      parts.reduce((sum, part) => sum + part.byteLength, 0),
    );
  }

  /** A copy of an object's zlib stream. */
  async addDeflated(type: ObjectType, oid: Oid, size: number, deflated: Buffer): Promise<void> {
    if (this.has(oid)) return;
    this.#writer.addDeflated(type, oid, size, deflated);
    this.#whole.push(oid);
    await this.#count(oid, deflated.length);
  }

  /** A file that was put into a pack of its own. */
  addStreamed({ oid, stored }: StreamedBlob): void {
    if (this.has(oid)) return;
    if (this.packs.length === 0) this.collections = stored.collections;
    this.packs.push(singlePack(stored));
    this.#places.set(oid, stored.place);
    this.#stored.add(oid);
  }

  /** `base` is in the pack that is being written: see {@link PackBatches.holds}. */
  async addDelta(base: Oid, oid: Oid, delta: Buffer): Promise<void> {
    if (this.has(oid)) return;
    this.#writer.addDelta(base, oid, delta);
    await this.#count(oid, delta.length);
  }

  /** Stores what is not stored yet. */
  async finish(): Promise<void> {
    if (this.#held.length === 0) return;
    const writer = this.#writer;
    if (this.packs.length === 0) this.collections = (await this.#repository.ledger(0)).collections;
    const { pack, index, entries } = writer.finish();
    const ref = await storePack(this.#repository, { pack, index, objects: entries.length });
    for (const oid of this.#whole) {
      const place = writer.place(oid);
      if (place !== undefined) this.#places.set(oid, { pack: ref.name, ...place });
    }
    for (const oid of this.#held) this.#stored.add(oid);
    this.packs.push(ref);
    this.#writer = new PackWriter();
    this.#whole = [];
    this.#held = [];
    this.#bytes = 0;
  }

  /** Where a stored object lies, unless it is a delta. */
  place(oid: Oid): Place | undefined {
    return this.#places.get(oid);
  }

  async #count(oid: Oid, bytes: number): Promise<void> {
    this.#held.push(oid);
    this.#bytes += bytes;
    if (this.#bytes >= BATCH_BYTES) await this.finish();
  }
}

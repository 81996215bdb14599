import { singlePack } from '../commit/large-packs.ts';
import type { StreamedBlob } from '../large/large.ts';
import type { Place } from '../layer/layer.ts';
import type { PackRef } from '../ledger/ledger.ts';
import type { ObjectType, Oid } from '../object/objects.ts';
import { OidSet } from '../object/oid-set.ts';
import type { LedgerRepository } from '../open.ts';
import { PackWriter } from '../pack/pack-writer.ts';
import { storePack } from '../upkeep/adopt.ts';

/** Input of one pack, in bytes: about what is held in memory at once. */
const BATCH_BYTES = 32 << 20;
/** Deltas that build on each other; git's own packs have chains of 50. Longer ones make objects slow to read, or impossible. */
const MAX_CHAIN = 250;
/** What is held for an object besides its bytes. */
const OBJECT_BYTES = 400;

/**
 * Writes objects into a few big packs and stores each as soon as it is full. Nothing refers to them until they are
 * adopted: those of an import that was stopped are orphans, which `gc` removes.
 */
export class PackBatches {
  readonly #repository: LedgerRepository;
  readonly #stored = new OidSet();
  /** By position in `#stored`: which of the packs, and where in it; of length 0 where it lies as a delta. */
  readonly #packNumbers: number[] = [];
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];
  readonly packs: PackRef[] = [];
  /** Of the ledger before the first pack was stored. */
  collections = 0;
  #writer = new PackWriter();
  #held: Oid[] = [];
  #bytes = 0;

  constructor(repository: LedgerRepository) {
    this.#repository = repository;
  }

  get isEmpty(): boolean {
    return this.packs.length === 0 && this.#held.length === 0;
  }

  has(oid: Oid): boolean {
    return this.#stored.has(oid) || this.#writer.has(oid);
  }

  /** True when `oid` is in the pack that is being written, and a delta may build on it. */
  holds(oid: Oid): boolean {
    return this.#writer.has(oid) && this.#writer.depth(oid) < MAX_CHAIN;
  }

  async add(type: ObjectType, oid: Oid, bytes: Buffer | readonly Uint8Array[]): Promise<void> {
    if (this.has(oid)) return;
    const parts = Buffer.isBuffer(bytes) ? [bytes] : bytes;
    this.#writer.add(type, oid, Buffer.isBuffer(bytes) ? bytes : Buffer.concat(bytes));
    await this.#count(
      oid,
      parts.reduce((sum, part) => sum + part.byteLength, 0),
    );
  }

  /** A copy of an object's zlib stream. */
  async addDeflated(type: ObjectType, oid: Oid, size: number, deflated: Buffer): Promise<void> {
    if (this.has(oid)) return;
    this.#writer.addDeflated(type, oid, size, deflated);
    await this.#count(oid, deflated.length);
  }

  /** A file that was put into a pack of its own. */
  addStreamed({ oid, stored }: StreamedBlob): void {
    if (this.has(oid)) return;
    if (this.packs.length === 0) this.collections = stored.collections;
    this.#keep(oid, stored.place);
    this.packs.push(singlePack(stored));
  }

  /** A blob that is not held: it goes into a pack of its own as it is read. */
  async addStream(
    size: number,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const large = await this.#repository.largeFiles();
    this.addStreamed(await large.storeStream(size, chunks, async () => signal?.throwIfAborted()));
  }

  /** A copy of a delta's zlib stream. `base` is in the pack that is being written: see {@link PackBatches.holds}. */
  async addDelta(base: Oid, oid: Oid, size: number, deflated: Buffer): Promise<void> {
    if (this.has(oid)) return;
    this.#writer.addDeflatedDelta(base, oid, size, deflated);
    await this.#count(oid, deflated.length);
  }

  /** Stores what is not stored yet. */
  async finish(): Promise<void> {
    if (this.#held.length === 0) return;
    const writer = this.#writer;
    if (this.packs.length === 0) this.collections = (await this.#repository.ledger(0)).collections;
    const { pack, index, entries } = writer.finish();
    const ref = await storePack(this.#repository, { pack, index, objects: entries.length });
    for (const oid of this.#held) this.#keep(oid, writer.place(oid));
    this.packs.push(ref);
    this.#writer = new PackWriter();
    this.#held = [];
    this.#bytes = 0;
  }

  /** Where a stored object lies, unless it is a delta. */
  place(oid: Oid): Place | undefined {
    const index = this.#stored.indexOf(oid);
    const pack = this.packs[this.#packNumbers[index] ?? -1];
    const [offset, length] = [this.#offsets[index] ?? 0, this.#lengths[index] ?? 0];
    return pack === undefined || length === 0 ? undefined : { pack: pack.name, offset, length };
  }

  /** Of the pack that comes next. */
  #keep(oid: Oid, place: { offset: number; length: number } | undefined): void {
    if (!this.#stored.add(oid)) return;
    this.#packNumbers.push(this.packs.length);
    this.#offsets.push(place?.offset ?? 0);
    this.#lengths.push(place?.length ?? 0);
  }

  async #count(oid: Oid, bytes: number): Promise<void> {
    this.#held.push(oid);
    this.#bytes += bytes + OBJECT_BYTES;
    if (this.#bytes >= BATCH_BYTES) await this.finish();
  }
}

import type { Runtime } from '../../core/runtime.ts';
import { randomId } from '../../core/runtime.ts';
import type { StoredBlob, StreamedBlob } from '../large/large.ts';
import type { Place } from '../layer/layer.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { hashObject } from '../object/object-codec.ts';
import type { Oid } from '../object/objects.ts';
import type { Change } from '../repository.ts';
import type { PackStore } from '../view/pack-store.ts';

/** Blobs whose pack entry is larger than this stay out of the journal. */
export const INLINE_BYTES = 32 << 10;

/**
 * The large blobs of one commit request: each is written into a pack of its own before the swap, once, however often the
 * request is evaluated; again under another name when a collection condemned the pack meanwhile.
 */
export class LargeBlobs {
  readonly #packs: PackStore;
  readonly #runtime: Runtime;
  readonly #stored = new Map<Oid, StoredBlob>();
  readonly #small = new WeakSet<Buffer>();

  constructor(options: { packs: PackStore; runtime: Runtime }) {
    this.#packs = options.packs;
    this.#runtime = options.runtime;
  }

  place(oid: Oid): { place: Place; packBytes: number } | undefined {
    return this.#stored.get(oid);
  }

  async store(changes: readonly Change[], ledger: Ledger): Promise<void> {
    await Promise.all(
      changes.map(async ({ to }) => {
        if (to !== null && 'streamed' in to) await this.#admit(to.streamed, ledger);
        if (to === null || !('bytes' in to) || to.bytes.length <= INLINE_BYTES || this.#small.has(to.bytes))
          return;
        await this.#storeOne(to.bytes, ledger);
      }),
    );
  }

  /** A blob that was stored beforehand: as it lies, unless a collection may have taken it. */
  async #admit(blob: StreamedBlob, ledger: Ledger): Promise<void> {
    const { oid } = blob;
    if (ledger.journal.blob(oid)) return;
    const known = this.#stored.get(oid) ?? blob.stored;
    const holds = known.collections === ledger.collections && !isCondemned(known.place.pack, ledger);
    this.#stored.set(oid, holds ? known : await blob.renew(known, ledger));
  }

  async #storeOne(bytes: Buffer, ledger: Ledger): Promise<void> {
    const oid = hashObject('blob', bytes);
    const known = this.#stored.get(oid);
    if (ledger.journal.blob(oid)) return;
    if (known && known.collections === ledger.collections && !isCondemned(known.place.pack, ledger)) return;
    const { PackWriter } = await import('../pack/pack-writer.ts');
    const writer = new PackWriter();
    writer.add('blob', oid, bytes);
    const { pack, index } = writer.finish();
    const entry = writer.place(oid);
    if (!entry || entry.length <= INLINE_BYTES) {
      this.#small.add(bytes);
      return;
    }
    const name = `pack-${randomId(this.#runtime)}`;
    await Promise.all([this.#packs.write(name, 'pack', pack), this.#packs.write(name, 'idx', [index])]);
    const packBytes = pack.reduce((sum, part) => sum + part.length, 0);
    this.#stored.set(oid, { place: { pack: name, ...entry }, packBytes, collections: ledger.collections });
  }
}

function isCondemned(name: string, ledger: Ledger): boolean {
  return ledger.condemned.some(each => each.name === name);
}

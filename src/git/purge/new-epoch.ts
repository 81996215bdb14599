import { objectReader } from '../doctor/doctor-objects.ts';
import { isLone } from '../large/lone-pack.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import { emptyLedger, headOf, MAIN_REF, packKey } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { storeMap, storePack } from '../upkeep/adopt.ts';
import { findWholeEntries } from '../upkeep/whole-entries.ts';
import type { LedgerView } from '../view/view.ts';
import { filterPack } from './filter-pack.ts';
import { NewPacks } from './new-packs.ts';
import { HistoryRewriter } from './rewrite-history.ts';
import type { Selection } from './selection.ts';

/** The packs and maps of a history without what is selected. They are stored and not listed yet. */
export class NewEpoch {
  readonly #repository: LedgerRepository;
  readonly #packs: NewPacks;
  readonly #history: HistoryRewriter;
  /** Objects that the new packs hold. */
  readonly #stored = new Set<Oid>();
  /** {@link Ledger.collections} from before the first of the packs was stored. */
  readonly collections: number;
  /** The new history as a ledger of its own: refs, packs and the base of an empty journal. */
  #ledger: Ledger;

  constructor(repository: LedgerRepository, selection: Selection, { collections }: Ledger) {
    const { uuid } = repository;
    this.#repository = repository;
    this.#packs = new NewPacks(repository);
    this.#history = new HistoryRewriter(repository, selection, this.#packs);
    this.collections = collections;
    this.#ledger = { ...emptyLedger({ uuid, seq: 0, nonce: '' }), pages: undefined };
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  get view(): LedgerView {
    return this.#repository.viewOf(this.#ledger);
  }

  get replaced(): Map<Oid, Oid> {
    return this.#history.replaced;
  }

  /** Takes in the history of `view`, or what has been added to it since the last time. */
  async advance(view: LedgerView): Promise<void> {
    const refs = await this.#history.rewrite(view);
    const missing = this.#history.seen.difference(this.#stored);
    const kept = missing.size === 0 ? [] : await this.#keepPacks(view, missing);
    for (const oid of missing) if (!this.#stored.has(oid)) await this.#addMade(view, oid);
    const fresh = [...(await this.#packs.finish()), ...kept];
    const head = refs[MAIN_REF];
    const isMoved = head !== undefined && head !== headOf(this.#ledger).oid;
    const packs = isMoved ? await this.#mapped(view, await this.#renamed(view, fresh), head) : fresh;
    const { ordinal, oid } = headOf(view.ledger);
    const base = { head: oid === undefined ? null : (head ?? null), ordinal, seq: 0 };
    const journal = this.#ledger.journal.rebased(base);
    // What a ref had that went meanwhile has been kept.
    const leaves = Object.entries(this.#ledger.refs).some(
      ([ref, oid]) => ref !== MAIN_REF && refs[ref] !== oid,
    );
    const strays = leaves || this.#ledger.strays ? (true as const) : undefined;
    this.#ledger = { ...this.#ledger, refs, packs: [...packs, ...this.#ledger.packs], journal, strays };
  }

  /** Objects that are in no pack of the view: those of its journal, and those that were made just now. */
  async #addMade(view: LedgerView, oid: Oid): Promise<void> {
    this.#stored.add(oid);
    if (this.#packs.has(oid)) return;
    const { type, bytes } = await objectReader(this.#repository, view)(oid);
    await this.#packs.add(type, oid, bytes);
  }

  /** The packs of the view as far as they hold what is missing, without anything else. */
  async #keepPacks(view: LedgerView, missing: ReadonlySet<Oid>): Promise<PackRef[]> {
    const isFirst = this.#ledger.packs.length === 0;
    const kept: PackRef[] = [];
    for (const pack of [...view.ledger.packs, ...view.largePacks()]) {
      const oids = [...(await this.#repository.packs.index(pack)).oids()];
      const wanted = new Set(oids.filter(oid => missing.has(oid) && !this.#stored.has(oid)));
      if (wanted.size === 0 || !(isFirst || isLone(pack) || oids.length === 1)) continue;
      const { map: _, ...bare } = pack;
      kept.push(wanted.size === oids.length ? bare : await this.#copyPart(view, pack, wanted));
      for (const oid of wanted) this.#stored.add(oid);
    }
    return kept;
  }

  async #copyPart(view: LedgerView, pack: PackRef, wanted: ReadonlySet<Oid>): Promise<PackRef> {
    const { packs, uuid } = this.#repository;
    const { packs: listed } = view.ledger;
    const input = {
      pack: await packs.read(pack.name, 'pack', 0),
      index: await packs.index(pack),
      key: packKey(uuid, pack.name, 'pack'),
    };
    const made = await filterPack(
      input,
      oid => wanted.has(oid),
      oid => packs.object(oid, listed),
    );
    return storePack(this.#repository, { ...made, objects: made.entries.length });
  }

  /** The packs; the first under a name of its own, as there is a map beside the one that was listed before. */
  async #renamed(view: LedgerView, [first, ...others]: readonly PackRef[]): Promise<PackRef[]> {
    const listed = view.ledger.packs.find(({ name }) => name === first?.name);
    if (!first || !listed?.map) return first ? [first, ...others] : others;
    const oids = new Set((await this.#repository.packs.index(listed)).oids());
    return [await this.#copyPart(view, listed, oids), ...others];
  }

  /** Writes the map of the new commits beside the first of the new packs. */
  async #mapped(view: LedgerView, fresh: readonly PackRef[], head: Oid): Promise<PackRef[]> {
    const whole = await findWholeEntries(this.#repository, fresh);
    const { ref } = await storeMap(this.#repository, this.view, {
      head,
      packs: fresh,
      precedes: this.#history.precedes(view),
      place: oid => whole.place(oid),
      size: oid => whole.size(oid),
    });
    return [ref, ...fresh.slice(1)];
  }
}

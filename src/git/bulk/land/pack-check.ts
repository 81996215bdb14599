import type { Ledger, PackExtension, PackRef } from '../../ledger/ledger.ts';
import { packKey } from '../../ledger/ledger.ts';
import type { LedgerRepository } from '../../open.ts';
import { bulkCollected } from '../errors.ts';

/** So many files are asked for at once. */
const AT_ONCE = 16;

/** Makes sure that packs which no ledger lists yet are still there. */
export class PackCheck {
  readonly #repository: LedgerRepository;
  readonly #packs: readonly PackRef[];
  /** {@link Ledger.collections} at which they are known to be there. */
  #collections: number;

  constructor(repository: LedgerRepository, packs: readonly PackRef[], collections: number) {
    this.#repository = repository;
    this.#packs = packs;
    this.#collections = collections;
  }

  /**
   * A condemned name may be deleted at any time, and one that was dropped was deleted before: what is neither and there, stays for
   * as long as no other ledger says otherwise.
   * @throws KittiwakeError `packs_collected`
   */
  async confirm({ condemned, collections }: Ledger): Promise<void> {
    const names = new Set(condemned.map(each => each.name));
    const gone = this.#packs.find(pack => names.has(pack.name));
    if (gone) throw bulkCollected(gone.name);
    if (collections === this.#collections) return;
    for (let at = 0; at < this.#packs.length; at += AT_ONCE)
      await Promise.all(this.#packs.slice(at, at + AT_ONCE).map(pack => this.#look(pack)));
    this.#collections = collections;
  }

  async #look({ name }: PackRef): Promise<void> {
    const { store, uuid } = this.#repository;
    const isThere = async (extension: PackExtension) =>
      (await store.get(packKey(uuid, name, extension), { range: { start: 0, end: 1 } })).kind === 'found';
    const [pack, index] = await Promise.all([isThere('pack'), isThere('idx')]);
    if (!pack || !index) throw bulkCollected(name);
  }
}

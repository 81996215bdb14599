import { PackCheck } from '../bulk/land/pack-check.ts';
import type { Flushed } from '../flush/flush.ts';
import { applyFlush } from '../flush/flush.ts';
import { writeFlush } from '../flush/write-flush.ts';
import { copyObjects } from '../foreign/copy-objects.ts';
import { PackBatches } from '../foreign/pack-batches.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { storeMap } from '../upkeep/adopt.ts';
import { LandingHistory } from './landing-history.ts';
import { clampedSeconds, type LandingWay } from './landing-intent.ts';
import type { LandingPlan } from './landing-plan.ts';

/**
 * Commits, in packs of their own, with the map of those of the main line. The journal is flushed with it, as its commits lie below
 * them: what was written of it is kept from one attempt to the next.
 * @param before stored by an earlier attempt to land the same objects
 */
export async function packWay(plan: LandingPlan, before?: PackBatches): Promise<LandingWay> {
  const { repository } = plan.options;
  const batches = await storedObjects(plan, before);
  const own = batches.packs.toReversed();
  const packs = [...own, ...(before?.packs.toReversed() ?? [])];
  const check = new PackCheck(repository, packs, (before ?? batches).collections);
  const { head } = plan;
  if (head === undefined || plan.commits.length === 0) {
    const onto = async (current: Ledger) => {
      await check.confirm(current);
      return withPacks(current, packs);
    };
    return { packs: own, stored: batches, onto };
  }
  const journal = new JournalFlush(repository);
  const view = repository.viewOf(await journal.flushed(plan.wiki.view.ledger));
  const place = (oid: Oid) => batches.place(oid) ?? before?.place(oid);
  const map = await storeMap(repository, view, {
    head,
    packs,
    place,
    size: oid => plan.options.objects.size(oid),
  });
  const { pages } = await new LandingHistory(plan, plan.wiki.view).usage();
  return {
    packs: own,
    stored: batches,
    async onto(current, moves) {
      await check.confirm(current);
      if (!moves) return withPacks(current, packs);
      const ledger = await journal.flushed(current);
      return {
        ...withPacks(ledger, [map.ref, ...packs.slice(1)]),
        journal: ledger.journal.rebased({ head, ordinal: map.ordinal, seq: ledger.stamp.seq }),
        headSeconds: clampedSeconds(ledger, map.seconds, repository.runtime.now()),
        pages: repository.isPage ? pages : undefined,
      };
    },
  };
}

/** Flushes of journals that are listed by the swap that they are made for. */
class JournalFlush {
  readonly #repository: LedgerRepository;
  #made: Flushed | undefined;

  constructor(repository: LedgerRepository) {
    this.#repository = repository;
  }

  /** The ledger with an empty journal. */
  async flushed(ledger: Ledger): Promise<Ledger> {
    const seconds = Math.floor(this.#repository.runtime.now() / 1000);
    const known = this.#made ? applyFlush(ledger, this.#made, seconds) : ledger;
    if (known.journal.count === 0) return known;
    const made = await writeFlush(this.#repository.viewOf(known), this.#repository);
    if (known === ledger) this.#made = made;
    return made ? applyFlush(known, made, seconds) : known;
  }
}

/** Those that came and are needed, as they lie where they can stay so, in packs that are complete in themselves. */
async function storedObjects(
  { options, reached, wiki, commits }: LandingPlan,
  before: PackBatches | undefined,
): Promise<PackBatches> {
  const { repository, objects, signal } = options;
  const { wanted, borrowed } = reached;
  const batches = new PackBatches(repository);
  const progress = { advance: () => {} };
  const isNew = (oid: Oid) => before?.has(oid) !== true;
  await copyObjects({ objects, wanted: oid => wanted.has(oid) && isNew(oid), batches, progress, signal });
  for (const oid of borrowed.oids())
    if (isNew(oid)) await batches.add('tree', oid, (await wiki.tree(oid)).bytes());
  // Commits that another ref or an earlier attempt had brought need a pack of their own for their map.
  const [newest] = commits;
  if (newest && batches.isEmpty) await batches.add('commit', newest.oid, newest.bytes);
  await batches.finish();
  return batches;
}

/** Those that lie above all others. An attempt that has landed after all had listed them. */
function withPacks(ledger: Ledger, packs: readonly PackRef[]): Ledger {
  const known = new Set(ledger.packs.map(pack => pack.name));
  return { ...ledger, packs: [...packs.filter(pack => !known.has(pack.name)), ...ledger.packs] };
}

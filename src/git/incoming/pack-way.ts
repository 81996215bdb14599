import { PackCheck } from '../bulk/land/pack-check.ts';
import { applyFlush } from '../flush/flush.ts';
import { writeFlush } from '../flush/write-flush.ts';
import { copyObjects } from '../foreign/copy-objects.ts';
import { PackBatches } from '../foreign/pack-batches.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import { storeMap } from '../upkeep/adopt.ts';
import type { LedgerView } from '../view/view.ts';
import { LandingHistory } from './landing-history.ts';
import { clampedSeconds, type LandingWay } from './landing-intent.ts';
import type { LandingPlan } from './landing-plan.ts';
import { openUpdates } from './ref-updates.ts';

/** Commits, in packs of their own, with the map of those of the main line. Everything but a flush of the journal is done before. */
export async function packWay(plan: LandingPlan): Promise<LandingWay> {
  const { options, head } = plan;
  const { repository, objects } = options;
  const batches = await storedObjects(plan);
  const packs = batches.packs.toReversed();
  const map =
    head === undefined || plan.commits.length === 0
      ? undefined
      : await storeMap(repository, await flushedView(plan), {
          head,
          packs,
          place: oid => batches.place(oid),
          size: oid => objects.size(oid),
        });
  const check = new PackCheck(repository, packs, batches.collections);
  const listed = map ? [map.ref, ...packs.slice(1)] : packs;
  const pages = map && (await new LandingHistory(plan, plan.wiki.view).usage()).pages;
  return {
    isLong: true,
    async onto(current) {
      await check.confirm(current);
      if (!map) return withPacks(current, listed);
      const ledger = await flushed(repository, current);
      return {
        ...withPacks(ledger, listed),
        journal: ledger.journal.rebased({ head: head ?? null, ordinal: map.ordinal, seq: ledger.stamp.seq }),
        headSeconds: clampedSeconds(ledger, map.seconds, repository.runtime.now()),
        pages: repository.isPage ? pages : undefined,
      };
    },
  };
}

/** @throws KittiwakeError `ref_moved` */
async function flushedView({ options, updates }: LandingPlan): Promise<LedgerView> {
  const { repository } = options;
  await repository.flusher.flush();
  const view = await repository.view({ maxAgeMs: 0 });
  openUpdates(view.ledger, updates);
  return view;
}

/** Those that came and are needed, as they lie where they can stay so, in packs that are complete in themselves. */
async function storedObjects({ options, reached, wiki, commits }: LandingPlan): Promise<PackBatches> {
  const { repository, objects, signal } = options;
  const { wanted, borrowed } = reached;
  const batches = new PackBatches(repository);
  const progress = { advance: () => {} };
  await copyObjects({ objects, wanted: oid => wanted.has(oid), batches, progress, signal });
  for (const oid of borrowed.oids()) await batches.add('tree', oid, (await wiki.tree(oid)).bytes());
  // Commits that another ref had brought need a pack for their map.
  const [newest] = commits;
  if (newest && batches.isEmpty) await batches.add('commit', newest.oid, newest.bytes);
  await batches.finish();
  return batches;
}

/** The ledger with an empty journal: the map of the commits lies below that of no other. */
async function flushed(repository: LedgerRepository, current: Ledger): Promise<Ledger> {
  if (current.journal.count === 0) return current;
  const made = await writeFlush(repository.viewOf(current), repository);
  return made ? applyFlush(current, made, Math.floor(repository.runtime.now() / 1000)) : current;
}

/** Those that lie above all others. An attempt that has landed after all had listed them. */
function withPacks(ledger: Ledger, packs: readonly PackRef[]): Ledger {
  const known = new Set(ledger.packs.map(pack => pack.name));
  return { ...ledger, packs: [...packs.filter(pack => !known.has(pack.name)), ...ledger.packs] };
}

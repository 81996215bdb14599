import { purgeOvertaken } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { NewEpoch } from './new-epoch.ts';
import { type PurgedCommit, type PurgeRequest, selectContents, selectedCommits } from './selection.ts';
import { swapEpoch } from './swap-epoch.ts';

/** Collections, restores and other purges may come between. */
const MAX_ATTEMPTS = 5;

export interface PurgePlan {
  /** Contents that go. */
  blobs: Oid[];
  /** Commits that brought them in, newest first. */
  commits: PurgedCommit[];
}

export interface PurgeReport extends PurgePlan {
  /** Commits that have a new id. 0: the history held none of it. */
  rewritten: number;
  head: Oid | undefined;
}

/** What a purge would take out. Changes nothing. */
export async function planPurge(repository: LedgerRepository, request: PurgeRequest): Promise<PurgePlan> {
  const view = await repository.view({ maxAgeMs: 0 });
  const selection = await selectContents(repository, view, request);
  const commits = await selectedCommits(repository, view, selection);
  const held = [...selection.atPaths.values()].flatMap(oids => [...oids]);
  return { blobs: [...selection.blobs.union(new Set(held))], commits };
}

/**
 * Rewrites the history of all refs without some contents, as a new epoch: packs and maps are written first, then one swap lists
 * them in place of all that was there. Commits of others that come meanwhile are taken along. The old files are still stored
 * afterwards: see {@link eraseOld}.
 * @throws KittiwakeError `purge_overtaken`; those of {@link Swap.submit}; `object_missing`, `object_corrupt`, `pack_corrupt` when
 *   the wiki is damaged: nothing is changed then
 */
export async function purgeHistory(
  repository: LedgerRepository,
  request: PurgeRequest,
): Promise<PurgeReport> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    await repository.flusher.flush();
    const ledger = await repository.ledger(0);
    const report = await tryPurge(repository, ledger, request);
    if (report) return report;
  }
  throw purgeOvertaken();
}

/** Undefined: what was prepared is for another state of the wiki. */
async function tryPurge(
  repository: LedgerRepository,
  ledger: Ledger,
  request: PurgeRequest,
): Promise<PurgeReport | undefined> {
  const view = repository.viewOf(ledger);
  const selection = await selectContents(repository, view, request);
  const commits = await selectedCommits(repository, view, selection);
  const blobs = [...selection.blobs];
  const isPacked = await isInPacks(repository, ledger, blobs);
  const unchanged = { blobs, commits, rewritten: 0, head: view.head };
  if (commits.length === 0 && !isPacked) return unchanged;
  const epoch = new NewEpoch(repository, selection, ledger);
  await epoch.advance(view);
  if (epoch.replaced.size === 0 && !isPacked) return unchanged;
  const made = await swapEpoch(repository, ledger, epoch, selection);
  return made ? { blobs, commits, rewritten: epoch.replaced.size, head: epoch.view.head } : undefined;
}

/** Whether any of it is stored, for the main line, for another ref, or for none any more. */
async function isInPacks(
  { packs }: LedgerRepository,
  ledger: Ledger,
  blobs: readonly Oid[],
): Promise<boolean> {
  for (const pack of ledger.packs) {
    const index = await packs.index(pack);
    if (blobs.some(oid => index.find(oid) !== undefined)) return true;
  }
  return false;
}

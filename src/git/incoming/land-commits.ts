import type { PackBatches } from '../foreign/pack-batches.ts';
import type { Landed, LandOptions } from './incoming.ts';
import { journalWay } from './journal-way.ts';
import { LandingIntent, type LandingWay, landed } from './landing-intent.ts';
import { type LandingPlan, planLanding } from './landing-plan.ts';
import { packWay } from './pack-way.ts';
import { checkUpdates, openUpdates } from './ref-updates.ts';
import { WikiObjects } from './wiki-objects.ts';

/**
 * Puts commits that were made elsewhere into the wiki, with the refs that name them, in one swap or not at all. Nothing of
 * them is visible before, and repeating what has landed changes nothing. The main line gets only commits that build on its
 * present head, whichever parent of a merge leads to it.
 * @throws KittiwakeError `ref_moved` when a ref is not what `before` says, `not_fast_forward`, `revision_purged` for a commit that a purge
 *   has replaced, `ref_protected` for the removal
 *   of the main line, `ref_invalid` for a name or what it would name, `object_missing` for what is neither there nor came,
 *   `object_corrupt` for malformed objects, `entry_refused` for a path that must not be cloned, `packs_collected`; what `check`
 *   throws; those of `Swap.submit`
 */
export async function landCommits(options: LandOptions): Promise<Landed> {
  const { repository, updates } = options;
  checkUpdates(updates);
  const view = await repository.view({ maxAgeMs: 0 });
  const open = openUpdates(view.ledger, updates);
  if (open.length === 0) return landed(view.ledger, 0);
  const plan = await planLanding(options, new WikiObjects(repository, view), open);
  const way = await wayOf(plan);
  const made = await repository.amend(new LandingIntent(plan, way));
  if (made.commits > 0) repository.onCommit();
  return made;
}

/** @param stored of an earlier attempt to land the same objects, which needs not be stored again */
export async function wayOf(plan: LandingPlan, stored?: PackBatches): Promise<LandingWay> {
  return (await journalWay(plan)) ?? (await packWay(plan, stored));
}

import type { IncomingHistory, LandingCheck } from '../../git/incoming/incoming.ts';
import { MAIN_REF } from '../../git/ledger/ledger.ts';
import type { View } from '../../git/repository.ts';
import type { Permits } from '../access.ts';
import { hasLimits } from '../change/write.ts';
import { changeForbidden } from '../errors.ts';
import { checkCommits } from './check-commits.ts';
import { checkLandedQuota } from './check-landed-quota.ts';
import { checkNewPaths } from './check-new-paths.ts';
import { checkedChanges } from './checked-changes.ts';
import type { LandingGround, LandingRules } from './landing-rules.ts';

/**
 * What has to hold for commits that were made elsewhere, as it does for writes: the caller may change every page and file that
 * one of them changes; new names are such that the wiki can serve them and a clone can hold them; the wiki stays within its
 * limits; its plugins agree to each commit as it is. Other refs than the main line can hold anything: they are for who may
 * change everything.
 *
 * The check throws KittiwakeError `forbidden`, `path_invalid`, `path_collides`, `page_too_large`, `attachment_too_large`,
 * `commit_message_required`, `quota_pages`, `quota_bytes`, `landing_changed`, and what a plugin refuses with.
 */
export function createLandingCheck({ access, ...rules }: LandingRules): LandingCheck {
  return async (view, history) => {
    const ground = { ...rules, permits: access(view.policy) };
    demandRefs(ground.permits, history);
    if (history.count > 0) await checkMainLine(view, history, ground);
    if (hasLimits(ground.permits)) await checkLandedQuota(view, history, ground.permits);
  };
}

async function checkMainLine(view: View, history: IncomingHistory, ground: LandingGround): Promise<void> {
  const added: string[] = [];
  const removed = new Set<string>();
  for await (const { path, before, after } of checkedChanges(history.net(), ground)) {
    if (before === null) added.push(path);
    if (after === null) removed.add(path);
  }
  await checkNewPaths(view, { added, removed });
  await checkCommits(history, ground);
}

/** What such a ref leads to is looked at by nobody. */
function demandRefs(permits: Permits, { updates }: IncomingHistory): void {
  if (permits.all || permits.may('upload', '')) return;
  if (updates.some(({ ref }) => ref !== MAIN_REF)) throw changeForbidden('upload', []);
}

import type { LedgerView } from '../view/view.ts';
import { buildBulk } from './build/build.ts';
import type { BulkCommit, BulkResult } from './bulk.ts';
import { bulkOvertaken } from './errors.ts';
import { findLanded, landedBefore } from './land/find-landed.ts';
import { LandIntent } from './land/land.ts';

/** How often everything is made anew because others changed what it rests on. */
const MAX_BUILDS = 4;

/**
 * Makes one commit of sorted runs. Nothing is visible before it lands, by one swap; killed, it leaves packs that nobody lists.
 * @throws KittiwakeError what `check` and `decide` refuse with; `packs_collected` when a collection of garbage took a pack;
 *   `object_missing` when a blob that the wiki had is gone; `head_moved` when others change too much too often; those of
 *   {@link Swap.submit}
 */
export async function commitBulk(options: BulkCommit): Promise<BulkResult> {
  const { repository } = options;
  for (let left = MAX_BUILDS; left > 0; left -= 1) {
    const view = await repository.view({ maxAgeMs: 0 });
    const earlier = await findLanded(view, options);
    if (earlier !== undefined) return landedBefore(view, earlier);
    const built = await buildBulk(options, view);
    if (built.root === undefined) return unchanged(view, built.counts);
    const intent = new LandIntent(options, built);
    await intent.prepare();
    const landing = await repository.amend(intent);
    if (landing.kind === 'rebuild') {
      options.onRestart?.();
      continue;
    }
    repository.onCommit();
    for (const { row, why } of landing.left) options.onLeft(row, why);
    return landing.result;
  }
  throw bulkOvertaken();
}

async function unchanged(view: LedgerView, counts: BulkResult['counts']): Promise<BulkResult> {
  return { commit: undefined, counts: { ...counts, pagesAfter: (await view.usage()).pages } };
}

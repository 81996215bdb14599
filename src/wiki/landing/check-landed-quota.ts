import type { IncomingHistory } from '../../git/incoming/incoming.ts';
import type { View } from '../../git/repository.ts';
import type { Permits } from '../access.ts';
import { quotaBytes, quotaPages } from '../errors.ts';

/**
 * Refuses what would make the wiki larger than it may be. At the limits what only removes files stays possible, and at that of pages
 * also editing.
 * @throws KittiwakeError `quota_pages`, `quota_bytes`
 */
export async function checkLandedQuota(
  view: View,
  history: IncomingHistory,
  { limits }: Permits,
): Promise<void> {
  const { pages: maxPages = 0, bytes: maxBytes = 0 } = limits ?? {};
  const [used, after] = await Promise.all([view.usage(), history.usage()]);
  if (maxPages > 0 && after.pages > maxPages && after.pages > used.pages)
    throw quotaPages(maxPages, used.pages);
  if (maxBytes > 0 && after.bytes > maxBytes && (await addsContent(history)))
    throw quotaBytes(maxBytes, used.bytes);
}

async function addsContent(history: IncomingHistory): Promise<boolean> {
  // What other refs bring is not told.
  if (history.count === 0) return history.updates.some(({ after }) => after !== undefined);
  for await (const { changes } of history.commits()) {
    for await (const { after } of changes()) if (after !== null) return true;
  }
  return false;
}

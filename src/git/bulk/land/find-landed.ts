import { decodeCommit } from '../../object/object-codec.ts';
import type { Oid } from '../../object/objects.ts';
import type { LedgerView } from '../../view/view.ts';
import { emptyCounts } from '../build/bulk-writer.ts';
import type { BulkCommit, BulkResult } from '../bulk.ts';

/** The commit of this name, when an earlier attempt has landed. */
export async function findLanded(
  view: LedgerView,
  { requestId, since }: Pick<BulkCommit, 'requestId' | 'since'>,
): Promise<Oid | undefined> {
  if (view.head === since) return undefined;
  for await (const row of view.layers.log()) {
    if (row.oid === since) return undefined;
    if (decodeCommit(row.bytes).requestId === requestId) return row.oid;
  }
  return undefined;
}

/** What an attempt answers that finds an earlier one landed: what that counted is not known any more. */
export async function landedBefore(view: LedgerView, commit: Oid): Promise<BulkResult> {
  const { pages } = await view.usage();
  return { commit, counts: { ...emptyCounts(), pagesAfter: pages }, isRepeated: true };
}

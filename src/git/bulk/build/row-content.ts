import type { StoredDescription } from '../../layer/journal-layer.ts';
import type { Description } from '../../repository.ts';
import type { LedgerView } from '../../view/view.ts';
import type { BulkCommit } from '../bulk.ts';
import type { BulkRow } from '../bulk-run.ts';

/** What a row of a run writes. */
export async function contentOf(
  { repository: { packs }, runs }: BulkCommit,
  view: LedgerView,
  { oid, place }: BulkRow,
  run: number,
): Promise<Buffer> {
  const { pack, large = [] } = runs[run] ?? {};
  if (pack && place) return (await packs.whole(oid, { pack: pack.name, ...place })).bytes;
  return (await packs.find(oid, large))?.bytes ?? (await view.blob(oid));
}

/** A description as maps keep it. */
export function describedOf(description: Description<unknown> | undefined): {
  json: string | undefined;
  targets: readonly string[];
} {
  if (!description) return { json: undefined, targets: [] };
  const stored: StoredDescription = { facts: description.facts, targets: [...new Set(description.targets)] };
  return { json: JSON.stringify(stored), targets: stored.targets };
}

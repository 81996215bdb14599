import { copiesPrefix, uploadsPrefix } from '../large/upload-id.ts';
import { ledgerKey } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import { collectGarbage } from '../upkeep/gc.ts';

/** Whatever the clocks of the store and of other processes say. */
const NONE = Number.NEGATIVE_INFINITY;

export interface Erased {
  /** Names of packs whose files were deleted. */
  packs: number;
  /** Copies for downloads, finished uploads, search indexes. */
  others: number;
  /** Older versions that the store had kept; undefined: it keeps none, or does not tell. */
  versions: number | undefined;
}

/**
 * Deletes what the ledger does not list any more, at once and with all versions that the store keeps, those of the ledger itself
 * among them: no older state can be restored afterwards. Readers of the older ledger read it again. May be done at any time, and again.
 * @param derived prefixes of what is made from the wiki's content and can be made again
 */
export async function eraseOld(repository: LedgerRepository, derived: readonly string[]): Promise<Erased> {
  const { store, uuid } = repository;
  const { deleted } = await collectGarbage(repository, { orphanGraceMs: NONE, readerGraceMs: NONE });
  const prefixes = [copiesPrefix(uuid), uploadsPrefix(uuid), ...derived];
  let others = 0;
  for (const prefix of prefixes) others += await deleteAll(repository, prefix);
  const forget = store.forgetVersions?.bind(store);
  if (!forget) return { packs: deleted.length, others, versions: undefined };
  let versions = 0;
  for (const prefix of [`packs/${uuid}/`, ledgerKey(uuid), ...prefixes]) versions += await forget(prefix);
  return { packs: deleted.length, others, versions };
}

async function deleteAll({ store }: LedgerRepository, prefix: string): Promise<number> {
  let count = 0;
  for (;;) {
    const { objects } = await store.list(prefix);
    if (objects.length === 0) return count;
    await store.delete(objects.map(({ key }) => key));
    count += objects.length;
  }
}

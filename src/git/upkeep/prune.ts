import { checkObjects, type Reachable } from '../doctor/doctor-objects.ts';
import type { Report } from '../doctor/doctor-report.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { PackWriter } from '../pack/pack-writer.ts';
import { replacePacks } from './replace-packs.ts';

export interface PruneReport {
  /** Objects in the packs that nothing reaches; 0 when nobody looked. */
  unreachable: number;
  /** Names of the packs that were replaced by one without them. */
  replaced: string[];
  /** In words, why nothing was looked for, or why what was found was left. */
  declined?: string;
}

/**
 * Drops objects that no ref reaches, by writing all others into one pack. Does nothing where there are none. The new pack
 * is made in memory, so the packs must fit into `maxBytes` (default 1 GiB).
 */
export async function pruneUnreachable(
  repository: LedgerRepository,
  maxBytes = 1 << 30,
): Promise<PruneReport> {
  await repository.flusher.flush();
  const view = await repository.view({ maxAgeMs: 0 });
  const { ledger } = view;
  const bytes = ledger.packs.reduce((sum, pack) => sum + pack.bytes, 0);
  if (bytes > maxBytes) return declined(`the packs have ${bytes} bytes, above the limit of ${maxBytes}`);
  if (ledger.journal.count > 0) return declined('others are writing');
  const broken: string[] = [];
  const report: Report = (severity, _code, message) => {
    if (severity === 'error') broken.push(message);
  };
  const reachable = await checkObjects(repository, view, report);
  if (!reachable || broken.length > 0) return declined(`the wiki is damaged: ${broken[0]}`);
  const unreachable = await countUnreachable(repository, ledger, reachable);
  if (unreachable === 0) return { unreachable, replaced: [] };
  const replaced = await writeReachable(repository, ledger, reachable);
  if (!replaced) return { ...declined('the packs changed meanwhile'), unreachable };
  return { unreachable, replaced };
}

function declined(why: string): PruneReport {
  return { unreachable: 0, replaced: [], declined: why };
}

async function countUnreachable(
  repository: LedgerRepository,
  ledger: Ledger,
  reachable: Reachable,
): Promise<number> {
  const unreachable = new Set<Oid>();
  for (const pack of ledger.packs) {
    for (const oid of (await repository.packs.index(pack)).oids())
      if (!reachable.seen.has(oid)) unreachable.add(oid);
  }
  return unreachable.size;
}

async function writeReachable(
  repository: LedgerRepository,
  ledger: Ledger,
  reachable: Reachable,
): Promise<string[] | undefined> {
  const writer = new PackWriter();
  for (const oid of reachable.seen) {
    const object = await reachable.object(oid);
    writer.add(object.type, oid, object.bytes);
  }
  return replacePacks(repository, ledger, ledger.packs, writer.finish());
}

import { checkObjects } from '../doctor/doctor-objects.ts';
import type { Report } from '../doctor/doctor-report.ts';

import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { PackWriter } from '../pack/pack-writer.ts';
import { replacePacks } from './replace-packs.ts';

export interface PruneReport {
  /** Objects in the packs that nothing reaches. */
  unreachable: number;
  /** Names of the packs that were replaced by one without them. */
  replaced: string[];
}

/**
 * Drops objects that no ref reaches, by writing all others into one pack. Does nothing where there are none. The packs
 * must fit into `maxBytes` (default 1 GiB).
 */
export async function pruneUnreachable(
  repository: LedgerRepository,
  maxBytes = 1 << 30,
): Promise<PruneReport> {
  await repository.flusher.flush();
  const view = await repository.view({ maxAgeMs: 0 });
  const { ledger } = view;
  const bytes = ledger.packs.reduce((sum, pack) => sum + pack.bytes, 0);
  const broken: string[] = [];
  const report: Report = (severity, _code, message) => {
    if (severity === 'error') broken.push(message);
  };
  const reachable = await checkObjects(repository, view, report);
  if (!reachable || broken.length > 0 || bytes > maxBytes || ledger.journal.count > 0)
    return { unreachable: 0, replaced: [] };
  const stored = new Set<Oid>();
  for (const pack of ledger.packs)
    for (const oid of (await repository.packs.index(pack)).oids()) stored.add(oid);
  const unreachable = [...stored].filter(oid => !reachable.seen.has(oid)).length;
  if (unreachable === 0) return { unreachable, replaced: [] };
  const writer = new PackWriter();
  for (const oid of reachable.seen) {
    const object = await reachable.object(oid);
    writer.add(object.type, oid, object.bytes);
  }
  const replaced = await replacePacks(repository, ledger, ledger.packs, writer.finish());
  return { unreachable, replaced: replaced ?? [] };
}

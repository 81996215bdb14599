import { isKittiwakeError } from '../../core/errors.ts';
import { openPackedBlob } from '../large/blob-stream.ts';
import { isLone } from '../large/lone-pack.ts';
import type { PackRef } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { verifiedFile } from '../upkeep/export.ts';
import { codeOf, type Report } from './doctor-report.ts';

/**
 * Checks the pack of one large file in constant memory: its checksum, its index, and that the file is the one that its id
 * promises. Resolves with the number of objects.
 */
export async function checkLonePack(
  repository: LedgerRepository,
  pack: PackRef,
  report: Report,
): Promise<number> {
  const { packs } = repository;
  try {
    for (const [extension, bytes] of [['pack', pack.bytes] as const, ['idx', pack.indexBytes] as const])
      for await (const _ of verifiedFile(repository, pack.name, extension, bytes));
    const index = await packs.index(pack);
    for (const oid of index.oids()) {
      const { chunks } = await openPackedBlob(packs, oid, [pack], undefined);
      for await (const _ of chunks);
    }
    return index.count;
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    report('error', codeOf(error), `Pack "${pack.name}": ${error.message}`);
    return 0;
  }
}

/** The files that have packs of their own. */
export async function loneBlobs(repository: LedgerRepository, packs: readonly PackRef[]): Promise<Set<Oid>> {
  const oids = new Set<Oid>();
  for (const pack of packs.filter(isLone))
    for (const oid of (await repository.packs.index(pack)).oids()) oids.add(oid);
  return oids;
}

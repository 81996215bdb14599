import { isKittiwakeError } from '../../core/errors.ts';
import type { PackRef } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import { PackIndex } from '../pack/pack-index.ts';
import { indexPack } from '../pack/pack-scan.ts';
import type { Report } from './doctor-report.ts';

/** Recomputes a pack's index from its bytes and compares. Resolves with the number of objects. */
export async function checkPack(
  repository: LedgerRepository,
  pack: PackRef,
  report: Report,
): Promise<number> {
  try {
    const bytes = await repository.packs.read(pack.name, 'pack', 0);
    if (bytes.length !== pack.bytes) {
      report(
        'error',
        'pack_corrupt',
        `Pack "${pack.name}" has ${bytes.length} bytes, its ledger says ${pack.bytes}`,
      );
    }
    const index = PackIndex.parse(await repository.packs.read(pack.name, 'idx', 0));
    const scanned = indexPack(bytes);
    for (const { oid, offset } of scanned) {
      const listed = index.find(oid);
      if (listed !== offset) {
        report(
          'error',
          'pack_index_wrong',
          `Object ${oid} lies at ${offset} in pack "${pack.name}", its index says ${listed ?? 'nothing'}`,
        );
      }
    }
    if (index.count !== scanned.length) {
      report(
        'error',
        'pack_index_wrong',
        `Pack "${pack.name}" holds ${scanned.length} objects, its index lists ${index.count}`,
      );
    }
    return scanned.length;
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    report('error', error.code, `Pack "${pack.name}": ${error.message}`);
    return 0;
  }
}

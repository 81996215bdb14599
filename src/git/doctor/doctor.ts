import { isLone } from '../large/lone-pack.ts';
import type { LedgerRepository } from '../open.ts';
import { findOrphans } from '../upkeep/gc.ts';
import { checkGone } from './doctor-gone.ts';
import { checkKeySegment } from './doctor-keys.ts';
import { checkLonePack } from './doctor-lone-packs.ts';
import { checkMaps } from './doctor-maps.ts';
import { checkObjects } from './doctor-objects.ts';
import { checkPack } from './doctor-packs.ts';
import type { Finding, Report } from './doctor-report.ts';

export interface Examination {
  findings: Finding[];
  /** True when a map is damaged or wrong and the packs, from which it can be made anew, are not. */
  repairable: boolean;
  counts: { packs: number; objects: number; commits: number; files: number; journalEntries: number };
}

/**
 * Verifies a wiki without changing it: each object's hash, every reference that is reachable from the refs, every record
 * of an idempotency key, every row of the maps against the history itself.
 * @throws KittiwakeError when not even the ledger can be read
 */
export async function examine(repository: LedgerRepository): Promise<Examination> {
  const findings: Finding[] = [];
  const report: Report = (severity, code, message) => findings.push({ severity, code, message });
  const view = await repository.view({ maxAgeMs: 0 });
  const { ledger } = view;
  let objects = 0;
  for (const pack of [...ledger.packs, ...view.largePacks()])
    objects += await (isLone(pack) ? checkLonePack : checkPack)(repository, pack, report);
  for (const segment of ledger.keySegments) await checkKeySegment(repository, segment, report);
  if (ledger.gone) await checkGone(repository, view, ledger.gone, report);
  const reachable = await checkObjects(repository, view, report);
  if (reachable) await checkMaps(repository, view, reachable, report);
  for (const name of await findOrphans(repository, ledger, 0)) {
    report('note', 'pack_unlisted', `The files of "${name}" are listed by no ledger; gc collects them`);
  }
  const files = view.head === undefined ? [] : await view.files('').catch(() => undefined);
  const pages = repository.isPage && files?.filter(({ path }) => repository.isPage?.(path)).length;
  if (pages !== undefined && ledger.pages !== undefined && pages !== ledger.pages)
    report('error', 'pages_wrong', `There are ${pages} pages, the ledger says ${ledger.pages}`);
  const counts = {
    packs: ledger.packs.length,
    objects,
    commits: reachable?.commits.length ?? 0,
    files: files?.length ?? 0,
    journalEntries: ledger.journal.count,
  };
  return { findings, repairable: isRepairable(findings), counts };
}

/** A map is made from the packs. An object that is missing may be one that only the damaged map tells of. */
function isRepairable(findings: readonly Finding[]): boolean {
  const codes = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  const ofPacks = /^(pack_|delta_|object_corrupt)/;
  return codes.some(code => code.startsWith('map_')) && !codes.some(code => ofPacks.test(code));
}

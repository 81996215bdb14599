import { loneBlobs } from '../doctor/doctor-lone-packs.ts';
import { checkObjects, type Reachable } from '../doctor/doctor-objects.ts';
import type { Report } from '../doctor/doctor-report.ts';
import { isLone } from '../large/lone-pack.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import { headOf } from '../ledger/ledger.ts';
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
 * is made in memory, so the packs must fit into `maxBytes` (default 1 GiB). Packs of single large files do not count: each
 * stays as it is, or goes.
 */
export async function pruneUnreachable(
  repository: LedgerRepository,
  maxBytes = 1 << 30,
): Promise<PruneReport> {
  await repository.flusher.flush();
  const view = await repository.view({ maxAgeMs: 0 });
  const { ledger } = view;
  const packs = ledger.packs.filter(pack => !isLone(pack));
  const bytes = packs.reduce((sum, pack) => sum + pack.bytes, 0);
  if (bytes > maxBytes) return declined(`the packs have ${bytes} bytes, above the limit of ${maxBytes}`);
  if (ledger.journal.count > 0) return declined('others are writing');
  const broken: string[] = [];
  const report: Report = (severity, _code, message) => {
    if (severity === 'error') broken.push(message);
  };
  const reachable = await checkObjects(repository, view, report);
  if (!reachable || broken.length > 0) return declined(`the wiki is damaged: ${broken[0]}`);
  const unreachable = await countUnreachable(repository, packs, reachable);
  const lone = await unreachableLone(repository, ledger, reachable);
  const found = unreachable + lone.length;
  const replaced = unreachable === 0 ? [] : await writeReachable(repository, ledger, packs, reachable);
  const dropped = replaced && (await dropPacks(repository, ledger, lone));
  if (!replaced || !dropped) return { ...declined('the packs changed meanwhile'), unreachable: found };
  return { unreachable: found, replaced: [...replaced, ...dropped] };
}

function declined(why: string): PruneReport {
  return { unreachable: 0, replaced: [], declined: why };
}

async function countUnreachable(
  repository: LedgerRepository,
  packs: readonly PackRef[],
  reachable: Reachable,
): Promise<number> {
  const unreachable = new Set<Oid>();
  for (const pack of packs) {
    for (const oid of (await repository.packs.index(pack)).oids())
      if (!reachable.seen.has(oid)) unreachable.add(oid);
  }
  return unreachable.size;
}

async function writeReachable(
  repository: LedgerRepository,
  ledger: Ledger,
  packs: readonly PackRef[],
  reachable: Reachable,
): Promise<string[] | undefined> {
  const writer = new PackWriter();
  const lone = await loneBlobs(repository, ledger.packs);
  for (const oid of reachable.seen) {
    if (lone.has(oid)) continue;
    const object = await reachable.object(oid);
    writer.add(object.type, oid, object.bytes);
  }
  return replacePacks(repository, ledger, packs, writer.finish());
}

/** Names of the packs of single large files that nothing reaches. */
async function unreachableLone(
  repository: LedgerRepository,
  ledger: Ledger,
  reachable: Reachable,
): Promise<string[]> {
  const names: string[] = [];
  for (const pack of ledger.packs.filter(isLone)) {
    const oids = [...(await repository.packs.index(pack)).oids()];
    if (!oids.some(oid => reachable.seen.has(oid))) names.push(pack.name);
  }
  return names;
}

/** Condemns packs; undefined when others have committed meanwhile. */
async function dropPacks(
  repository: LedgerRepository,
  ledger: Ledger,
  names: readonly string[],
): Promise<string[] | undefined> {
  if (names.length === 0) return [];
  return repository.amend<string[] | undefined>({
    apply: async current => {
      if (headOf(current).oid !== headOf(ledger).oid) return { kind: 'keep', result: undefined };
      const seconds = Math.floor(repository.runtime.now() / 1000);
      const packs = current.packs.filter(pack => !names.includes(pack.name));
      const condemned = [...current.condemned, ...names.map(name => ({ name, seconds }))];
      return { kind: 'change', value: { ...current, packs, condemned }, result: [...names] };
    },
    settle: async current =>
      current.condemned.some(each => each.name === names[0]) ? [...names] : undefined,
  });
}

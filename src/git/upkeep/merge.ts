import { isLone } from '../large/lone-pack.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import { packKey } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import { mergePacks } from '../pack/pack-merge.ts';
import { replacePacks } from './replace-packs.ts';

export interface MergeOptions {
  /** Bound of the packs read in one run. Default 256 MiB. */
  maxBytes?: number;
  /** Packs that must be worth merging before anything is done. Default 4. */
  minPacks?: number;
}

/**
 * Merges the newest packs, and their maps, into one, when there are several of similar size: so a ledger lists about the
 * logarithm of its flushes. Packs of single large files stay as they are. Never drops an object. Resolves with the names merged; undefined when there was nothing to do
 * or another process was faster.
 */
export async function mergeNewest(
  repository: LedgerRepository,
  options: MergeOptions = {},
): Promise<string[] | undefined> {
  const ledger = await repository.ledger(0);
  const packs = ledger.packs.filter(pack => !isLone(pack));
  const run = chooseRun(packs, options.maxBytes ?? 256 << 20);
  if (run.length < (options.minPacks ?? 4)) return undefined;
  return mergeRun(repository, ledger, run);
}

/** Maps are merged in memory, 60 MB of them in 0.9 GB: a larger one of an import stays as it is, and what lies below it. */
const MAX_MAP_BYTES = 32 << 20;

/**
 * The longest run from the newest in which each pack is smaller than twice all newer ones together (as `git repack
 * --geometric=2` has it).
 */
export function chooseRun(packs: readonly PackRef[], maxBytes: number): readonly PackRef[] {
  let length = 0;
  let sum = 0;
  for (const [index, pack] of packs.entries()) {
    if (sum + pack.bytes > maxBytes || (pack.map?.bytes ?? 0) > MAX_MAP_BYTES) break;
    if (index > 0 && pack.bytes < 2 * sum) length = index + 1;
    sum += pack.bytes;
  }
  return packs.slice(0, length);
}

/** Replaces a run of packs by one. */
export async function mergeRun(
  repository: LedgerRepository,
  ledger: Ledger,
  run: readonly PackRef[],
): Promise<string[] | undefined> {
  const inputs = await Promise.all(
    run.map(async pack => ({
      pack: await repository.packs.read(pack.name, 'pack', 0),
      index: await repository.packs.index(pack),
      key: packKey(repository.uuid, pack.name, 'pack'),
    })),
  );
  return replacePacks(repository, ledger, run, mergePacks(inputs));
}

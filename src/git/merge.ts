import { randomId } from '../core/runtime.ts';
import type { Body } from '../storage/byte-store.ts';
import type { Ledger, PackRef } from './ledger.ts';
import { packKey } from './ledger.ts';
import { flushFailed } from './ledger-errors.ts';
import { mergeMaps } from './map-merge.ts';
import { scanMap } from './map-scan.ts';
import type { MapContents } from './map-writer.ts';
import { encodeMap } from './map-writer.ts';
import type { Oid } from './objects.ts';
import type { LedgerRepository } from './open.ts';
import { PackIndex } from './pack-index.ts';
import { mergePacks } from './pack-merge.ts';

export interface MergeOptions {
  /** Bound of the packs read in one run. Default 256 MiB. */
  maxBytes?: number;
  /** Packs that must be worth merging before anything is done. Default 4. */
  minPacks?: number;
}

/**
 * Merges the newest packs, and their maps, into one, when there are several of similar size: so a ledger lists about the
 * logarithm of its flushes. Never drops an object. Resolves with the names merged; undefined when there was nothing to do
 * or another process was faster.
 */
export async function mergeNewest(
  repository: LedgerRepository,
  options: MergeOptions = {},
): Promise<string[] | undefined> {
  const ledger = await repository.ledger(0);
  const run = chooseRun(ledger.packs, options.maxBytes ?? 256 << 20);
  if (run.length < (options.minPacks ?? 4)) return undefined;
  return mergeRun(repository, ledger, run);
}

/**
 * The longest run from the newest in which each pack is smaller than twice all newer ones together (as `git repack
 * --geometric=2` has it).
 */
export function chooseRun(packs: readonly PackRef[], maxBytes: number): readonly PackRef[] {
  let length = 0;
  let sum = 0;
  for (const [index, pack] of packs.entries()) {
    if (sum + pack.bytes > maxBytes) break;
    if (index > 0 && pack.bytes < 2 * sum) length = index + 1;
    sum += pack.bytes;
  }
  return packs.slice(0, length);
}

/** Replaces an adjacent run of packs by one. */
export async function mergeRun(
  repository: LedgerRepository,
  ledger: Ledger,
  run: readonly PackRef[],
): Promise<string[] | undefined> {
  const merged = await writeMerged(repository, ledger, run);
  const names = run.map(pack => pack.name);
  return repository.amend<string[] | undefined>({
    apply: async current => {
      const at = current.packs.findIndex(pack => pack.name === names[0]);
      const there = at >= 0 && names.every((name, index) => current.packs[at + index]?.name === name);
      if (!there || current.collections !== ledger.collections || isCondemned(current, merged.name))
        return { kind: 'keep', result: undefined };
      return {
        kind: 'change',
        value: replaceRun(current, at, names, merged, repository.runtime.now()),
        result: names,
      };
    },
    settle: async current => (current.packs.some(pack => pack.name === merged.name) ? names : undefined),
  });
}

function isCondemned(ledger: Ledger, name: string): boolean {
  return ledger.condemned.some(each => each.name === name);
}

function replaceRun(
  ledger: Ledger,
  at: number,
  names: readonly string[],
  merged: PackRef,
  nowMs: number,
): Ledger {
  const seconds = Math.floor(nowMs / 1000);
  return {
    ...ledger,
    packs: [...ledger.packs.slice(0, at), merged, ...ledger.packs.slice(at + names.length)],
    condemned: [...ledger.condemned, ...names.map(name => ({ name, seconds }))],
  };
}

async function writeMerged(
  repository: LedgerRepository,
  ledger: Ledger,
  run: readonly PackRef[],
): Promise<PackRef> {
  const name = `pack-${randomId(repository.runtime)}`;
  const inputs = await Promise.all(
    run.map(async pack => ({
      pack: await repository.packs.read(pack.name, 'pack', 0),
      index: PackIndex.parse(await repository.packs.read(pack.name, 'idx', 0)),
    })),
  );
  const made = mergePacks(inputs);
  const bytes = made.pack.reduce((sum, part) => sum + part.length, 0);
  const ref: PackRef = { name, bytes, indexBytes: made.index.length, objects: made.entries.length };
  const put = async (extension: 'pack' | 'idx' | 'map', body: Body) => {
    const outcome = await repository.store.put(packKey(repository.uuid, name, extension), body, {
      immutable: true,
    });
    if (outcome.kind !== 'stored') throw flushFailed(name, extension, outcome);
  };
  const maps = await readMaps(repository, run);
  if (maps.length > 0) {
    const entries = new Map(made.entries.map(entry => [entry.oid, entry]));
    const place = (oid: Oid) => {
      const entry = entries.get(oid);
      return entry && !entry.base ? { pack: name, offset: entry.offset, length: entry.length } : undefined;
    };
    const below = ledger.packs.slice(ledger.packs.indexOf(run.at(-1) as PackRef) + 1);
    const bottom = !below.some(pack => pack.map);
    const packs = new Set(run.map(pack => pack.name));
    const map = encodeMap(mergeMaps(maps, { bottom, replaced: { packs, place } }));
    await put('map', map.bytes);
    ref.map = map.index;
  }
  await Promise.all([put('pack', made.pack), put('idx', [made.index])]);
  return ref;
}

async function readMaps(repository: LedgerRepository, run: readonly PackRef[]): Promise<MapContents[]> {
  const maps = run.flatMap(({ name, map }) => (map ? [{ name, index: map }] : []));
  return Promise.all(
    maps.map(async ({ name, index }) =>
      scanMap({ name, index, file: await repository.packs.read(name, 'map', 0, index.bytes) }),
    ),
  );
}

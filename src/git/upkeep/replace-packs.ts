import { type Runtime, randomId } from '../../core/runtime.ts';
import { isLone } from '../large/lone-pack.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import { mergeMaps } from '../map/map-merge.ts';
import { scanMap } from '../map/map-scan.ts';
import type { EncodedMap, MapContents } from '../map/map-writer.ts';
import { encodeMapInSteps } from '../map/map-writer.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import type { BuiltPack } from '../pack/pack-assembler.ts';

/**
 * Lists one pack in place of a run of packs, whose maps it merges, and condemns them. Only packs of single large files
 * (see {@link isLone}) may lie in between. Resolves with their names;
 * undefined when the ledger no longer lists the run as it was.
 */
export async function replacePacks(
  repository: LedgerRepository,
  ledger: Ledger,
  run: readonly PackRef[],
  made: BuiltPack,
): Promise<string[] | undefined> {
  const merged = await store(repository, ledger, run, made);
  const names = run.map(pack => pack.name);
  return repository.amend<string[] | undefined>({
    apply: async current => {
      const there = holdsRun(current, names);
      if (!there || current.collections !== ledger.collections || isCondemned(current, merged.name))
        return { kind: 'keep', result: undefined };
      return {
        kind: 'change',
        value: replaceRun(current, names, merged, repository.runtime.now()),
        result: names,
      };
    },
    settle: async current => (current.packs.some(pack => pack.name === merged.name) ? names : undefined),
  });
}

/** Packs of single large files may lie in between: what has no map hides nothing. */
function holdsRun({ packs }: Ledger, names: readonly string[]): boolean {
  const listed = packs.filter(pack => !isLone(pack)).map(pack => pack.name);
  const at = listed.indexOf(names[0] ?? '');
  return at >= 0 && names.every((name, index) => listed[at + index] === name);
}

function isCondemned(ledger: Ledger, name: string): boolean {
  return ledger.condemned.some(each => each.name === name);
}

function replaceRun(ledger: Ledger, names: readonly string[], merged: PackRef, nowMs: number): Ledger {
  const seconds = Math.floor(nowMs / 1000);
  return {
    ...ledger,
    packs: ledger.packs.flatMap(pack => {
      if (pack.name === names[0]) return [merged];
      return names.includes(pack.name) ? [] : [pack];
    }),
    condemned: [...ledger.condemned, ...names.map(name => ({ name, seconds }))],
  };
}

/** Writes the pack, its index, and the merged map of the run. */
async function store(
  repository: LedgerRepository,
  ledger: Ledger,
  run: readonly PackRef[],
  made: BuiltPack,
): Promise<PackRef> {
  const name = `pack-${randomId(repository.runtime)}`;
  const map = await mergedMap(repository, ledger, run, name, made);
  await Promise.all([
    repository.packs.write(name, 'pack', made.pack),
    repository.packs.write(name, 'idx', [made.index]),
    ...(map ? [repository.packs.write(name, 'map', map.bytes)] : []),
  ]);
  const bytes = made.pack.reduce((sum, part) => sum + part.length, 0);
  const ref = { name, bytes, indexBytes: made.index.length, objects: made.entries.length };
  return map ? { ...ref, map: map.index } : ref;
}

async function mergedMap(
  repository: LedgerRepository,
  ledger: Ledger,
  run: readonly PackRef[],
  name: string,
  made: BuiltPack,
) {
  const maps = await readMaps(repository, run);
  if (maps.length === 0) return undefined;
  const entries = new Map(made.entries.map(entry => [entry.oid, entry]));
  const place = (oid: Oid) => {
    const entry = entries.get(oid);
    return entry && !entry.base ? { pack: name, offset: entry.offset, length: entry.length } : undefined;
  };
  const below = ledger.packs.slice(ledger.packs.indexOf(run.at(-1) as PackRef) + 1);
  const packs = new Set(run.map(pack => pack.name));
  const contents = mergeMaps(maps, { bottom: !below.some(pack => pack.map), replaced: { packs, place } });
  return encodePatiently(contents, repository.runtime);
}

/** Encodes a map and lets others go first every few milliseconds. */
export async function encodePatiently(contents: MapContents, runtime: Runtime): Promise<EncodedMap> {
  const steps = encodeMapInSteps(contents);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await runtime.turn();
  }
}

async function readMaps(repository: LedgerRepository, run: readonly PackRef[]): Promise<MapContents[]> {
  const maps = run.flatMap(({ name, map }) => (map ? [{ name, index: map }] : []));
  return Promise.all(
    maps.map(async ({ name, index }) =>
      scanMap({ name, index, file: await repository.packs.read(name, 'map', 0, index.bytes) }),
    ),
  );
}

import { isKittiwakeError } from '../../core/errors.ts';
import { ledgerCorrupt, objectCorrupt, objectMissing } from '../errors.ts';
import { mapHistory } from '../history/history-map.ts';
import type { WalkedCommit } from '../history/history-walk.ts';
import { walkHistory } from '../history/history-walk.ts';
import { precedesBy } from '../history/line-parent.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import type { EncodedMap } from '../map/map-writer.ts';
import { decodeCommit, hashObject } from '../object/object-codec.ts';
import type { GitObject, Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { PackWriter } from '../pack/pack-writer.ts';
import { Tree } from '../tree/tree.ts';
import { storePack } from './adopt.ts';
import { encodePatiently } from './replace-packs.ts';
import { findWholeEntries } from './whole-entries.ts';

export interface RewriteReport {
  /** Names of the packs whose maps are used no longer. */
  replaced: string[];
  /** The pack that the new map lies beside. */
  pack: string;
  /** Commits and bytes of the new map. */
  commits: number;
  bytes: number;
}

/**
 * Makes one map of the whole flushed history from nothing but the packs, and lists it in place of all maps. Each object is
 * held against its id. Packs stay as they are; the map lies beside a new one that holds a copy of the newest flushed
 * commit, under all others. Resolves with undefined when nothing was flushed yet, or the packs changed meanwhile.
 * @throws KittiwakeError `object_missing`, `object_corrupt`, `pack_corrupt` … when the packs are damaged, too: nothing is
 *   changed then
 */
export async function rewriteMaps(repository: LedgerRepository): Promise<RewriteReport | undefined> {
  const ledger = await repository.ledger(0);
  const { head } = ledger.journal.base;
  if (head === null) return undefined;
  const commits = await flushedCommits(repository, ledger, head);
  const map = await mapOf(repository, ledger, commits);
  const stored = await storeBeside(repository, commits[0] as WalkedCommit, map);
  const old = ledger.packs.map(pack => pack.name);
  const listed = await repository.amend<boolean>({
    apply: async current => {
      const value = relisted(current, ledger, stored);
      return value ? { kind: 'change', value, result: true } : { kind: 'keep', result: false };
    },
    settle: async current => (current.packs.some(pack => pack.name === stored.name) ? true : undefined),
  });
  if (!listed) return undefined;
  const replaced = old.filter((_, at) => ledger.packs[at]?.map !== undefined);
  return { replaced, pack: stored.name, commits: commits.length, bytes: map.index.bytes };
}

/** The ledger with the one map; undefined when its packs are others. Those that a flush has added keep their maps. */
function relisted(current: Ledger, examined: Ledger, stored: PackRef): Ledger | undefined {
  const fresh = current.packs.length - examined.packs.length;
  const same = examined.packs.every(({ name }, at) => current.packs[fresh + at]?.name === name);
  const condemned = current.condemned.some(({ name }) => name === stored.name);
  if (fresh < 0 || !same || condemned || current.collections !== examined.collections) return undefined;
  const bare = current.packs.slice(fresh).map(({ map: _, ...pack }): PackRef => pack);
  return { ...current, packs: [...current.packs.slice(0, fresh), ...bare, stored] };
}

/** Newest first. */
async function flushedCommits(
  repository: LedgerRepository,
  ledger: Ledger,
  head: Oid,
): Promise<WalkedCommit[]> {
  const commits = await walkHistory({
    head,
    firstOrdinal: 0,
    precedes: lineOf(repository, ledger),
    read: async oid => {
      const bytes = await verified(repository, ledger, oid, 'commit');
      return { bytes, commit: decodeCommit(bytes) };
    },
  });
  const { ordinal } = ledger.journal.base;
  if (commits[0]?.ordinal !== ordinal)
    throw ledgerCorrupt(`it counts ${ordinal + 1} flushed commits, the packs hold ${commits[0]?.ordinal}`);
  return commits;
}

/** As far as the present maps can tell, which may be damaged: else it goes through first parents. */
function lineOf(repository: LedgerRepository, ledger: Ledger): (parent: Oid, child: Oid) => Promise<boolean> {
  const { layers } = repository.viewOf(ledger);
  return precedesBy(async oid => {
    try {
      return await layers.commit(oid);
    } catch (error) {
      if (isKittiwakeError(error, 'map_corrupt') || isKittiwakeError(error, 'pack_missing')) return undefined;
      throw error;
    }
  });
}

async function mapOf(
  repository: LedgerRepository,
  ledger: Ledger,
  commits: readonly WalkedCommit[],
): Promise<EncodedMap> {
  const whole = await findWholeEntries(repository, ledger.packs);
  const contents = await mapHistory({
    commits,
    baseTree: null,
    tree: async oid => Tree.parse(await verified(repository, ledger, oid, 'tree')),
    treeOf: async () => null,
    blob: oid => verified(repository, ledger, oid, 'blob'),
    blobSize: async oid => whole.size(oid) ?? (await repository.packs.size(oid, ledger.packs)),
    place: oid => whole.place(oid),
    describe: repository.describe,
    targetsBefore: async () => [],
  });
  return encodePatiently(contents, repository.runtime);
}

/** The bytes of an object, which are what its id says. */
async function verified(
  repository: LedgerRepository,
  ledger: Ledger,
  oid: Oid,
  wanted: GitObject['type'],
): Promise<Buffer> {
  const { type, bytes } = await repository.packs.object(oid, ledger.packs);
  if (type !== wanted) throw objectMissing(oid, `it is a ${type}, not a ${wanted}`);
  const hash = hashObject(type, bytes);
  if (hash !== oid) throw objectCorrupt(oid, `its bytes have the id ${hash}`);
  return bytes;
}

async function storeBeside(
  repository: LedgerRepository,
  newest: WalkedCommit,
  map: EncodedMap,
): Promise<PackRef> {
  const writer = new PackWriter();
  writer.add('commit', newest.oid, newest.bytes);
  const { pack, index, entries } = writer.finish();
  const stored = await storePack(repository, { pack, index, objects: entries.length });
  await repository.packs.write(stored.name, 'map', map.bytes);
  return { ...stored, map: map.index };
}

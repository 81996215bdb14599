import { KittiwakeError } from '../../core/errors.ts';
import { randomId } from '../../core/runtime.ts';
import type { Body } from '../../storage/byte-store.ts';
import { objectMissing } from '../errors.ts';
import { mapHistory } from '../history/history-map.ts';
import { walkHistory } from '../history/history-walk.ts';
import { targetsOf } from '../layer/journal-layer.ts';
import type { Place } from '../layer/layer.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import { headOf, MAIN_REF } from '../ledger/ledger.ts';
import type { MapContents } from '../map/map-writer.ts';
import { encodeMap } from '../map/map-writer.ts';
import { decodeCommit } from '../object/object-codec.ts';
import type { GitObject, Oid } from '../object/objects.ts';
import { joinPath } from '../object/paths.ts';
import type { LedgerRepository } from '../open.ts';
import { Tree } from '../tree/tree.ts';
import type { LedgerView } from '../view/view.ts';

export interface Adoption {
  /** The new head: a descendant of the present one, or any commit when the wiki has none. */
  head: Oid;
  /** Packs that are stored (pack and index) and hold what the wiki lacks. */
  packs: readonly PackRef[];
  /** Where objects of these packs lie whole, when it is known. */
  place?: (oid: Oid) => Place | undefined;
  /** Bytes of these objects, when they are known. */
  size?: (oid: Oid) => number | undefined;
  /** {@link Ledger.collections} from before the first of the packs was stored. */
  collections: number;
  /** See {@link WalkOptions.precedes}. */
  precedes?: (parent: Oid, child: Oid) => Promise<boolean>;
  /** Further refs to set, for example tags. */
  refs?: Readonly<Record<string, Oid>>;
}

/** Stores a finished pack under a new name. */
export async function storePack(
  repository: LedgerRepository,
  made: { pack: Body; index: Buffer; objects: number },
): Promise<PackRef> {
  const name = `pack-${randomId(repository.runtime)}`;
  const { packs } = repository;
  await Promise.all([packs.write(name, 'pack', made.pack), packs.write(name, 'idx', [made.index])]);
  const bytes = made.pack.reduce((sum, part) => sum + part.length, 0);
  return { name, bytes, indexBytes: made.index.length, objects: made.objects };
}

/**
 * Takes over commits that were made elsewhere, in one swap: their packs, their map and the head.
 * @throws KittiwakeError `head_moved` when the wiki got another commit meanwhile, `not_fast_forward`,
 *   `packs_collected` when a collection took the packs for left behind
 */
export async function adoptHistory(repository: LedgerRepository, adoption: Adoption): Promise<void> {
  await repository.flusher.flush();
  const view = await repository.view({ maxAgeMs: 0 });
  refuseCollected(view.ledger, adoption);
  const pack = await storeMap(repository, view, adoption);
  const { head, packs, refs } = adoption;
  await repository.amend<true>({
    apply: async current => {
      refuseCollected(current, adoption);
      if (headOf(current).oid !== view.head || current.journal.count > 0) throw headMoved(view.head);
      return {
        kind: 'change',
        value: adopted(current, head, [pack.ref, ...packs.slice(1)], refs ?? {}, pack),
        result: true,
      };
    },
    settle: async current => (current.packs.some(each => each.name === pack.ref.name) ? true : undefined),
  });
}

/** Condemned names are never listed, and after a collection nobody knows which names were. */
function refuseCollected(ledger: Ledger, { packs, collections }: Adoption): void {
  const condemned = new Set(ledger.condemned.map(each => each.name));
  if (ledger.collections === collections && !packs.some(pack => condemned.has(pack.name))) return;
  throw new KittiwakeError(
    'packs_collected',
    'Taking over commits fails: a collection of garbage ran meanwhile and may have taken their packs; try again',
  );
}

interface StoredMap {
  ref: PackRef;
  ordinal: number;
  seconds: number;
  /** Of the newest commit; undefined: nobody counted them. */
  pages: number | undefined;
}

function adopted(
  ledger: Ledger,
  head: Oid,
  packs: readonly PackRef[],
  refs: Readonly<Record<string, Oid>>,
  made: StoredMap,
): Ledger {
  return {
    ...ledger,
    refs: { ...ledger.refs, ...refs, [MAIN_REF]: head },
    packs: [...packs, ...ledger.packs],
    journal: ledger.journal.rebased({ head, ordinal: made.ordinal, seq: ledger.stamp.seq }),
    headSeconds: Math.max(ledger.headSeconds, made.seconds),
    pages: made.pages,
  };
}

function headMoved(expected: Oid | undefined): KittiwakeError {
  return new KittiwakeError(
    'head_moved',
    `Taking over commits fails: the wiki is no longer at ${expected ?? 'its beginning'}; try again`,
  );
}

/** Writes the map of the new commits beside the first of their packs. */
export async function storeMap(
  repository: LedgerRepository,
  view: LedgerView,
  adoption: Omit<Adoption, 'refs' | 'collections'>,
): Promise<StoredMap> {
  const [first] = adoption.packs;
  if (!first) throw new RangeError('Taking over commits needs at least one pack');
  const all = [...adoption.packs, ...view.ledger.packs];
  const object = (oid: Oid) => repository.packs.object(oid, all);
  const base = view.head === undefined ? undefined : await view.commit(view.head);
  const commits = await walkHistory({
    head: adoption.head,
    firstOrdinal: view.ordinal + 1,
    base: view.head,
    precedes: adoption.precedes,
    read: async oid => {
      if (base && (await view.layers.findCommit(oid)) !== undefined) return undefined;
      const { bytes } = await typed(object(oid), oid, 'commit');
      return { bytes, commit: decodeCommit(bytes) };
    },
  });
  const newest = commits[0];
  const oldestOnLine = commits.findLast(each => each.ordinal === view.ordinal + 1);
  if (!newest || (base && oldestOnLine?.parent !== base.oid)) throw notFastForward(adoption.head, view.head);
  const contents = await mapHistory({
    commits,
    baseTree: base?.tree ?? null,
    tree: async oid => Tree.parse((await typed(object(oid), oid, 'tree')).bytes),
    treeOf: async oid => (await view.commit(oid))?.tree ?? null,
    blob: async oid => (await typed(object(oid), oid, 'blob')).bytes,
    blobSize: async oid => adoption.size?.(oid) ?? (await repository.packs.size(oid, all)),
    place: adoption.place ?? (() => undefined),
    describe: repository.describe,
    targetsBefore: async path => targetsOf((await view.layers.description(path))?.json),
  });
  const map = encodeMap(contents);
  await repository.packs.write(first.name, 'map', map.bytes);
  return {
    ref: { ...first, map: map.index },
    ordinal: newest.ordinal,
    seconds: newest.commit.committer.seconds,
    pages: base ? undefined : countPages(repository, contents),
  };
}

/** Of the map of a whole history. */
function countPages({ isPage }: LedgerRepository, { rows }: MapContents): number | undefined {
  if (!isPage) return undefined;
  let pages = 0;
  for (const { folder, row } of rows)
    if (row.kind === 'file' && isPage(joinPath(folder, row.name))) pages += 1;
  return pages;
}

async function typed(read: Promise<GitObject>, oid: Oid, type: GitObject['type']): Promise<GitObject> {
  const object = await read;
  if (object.type !== type) throw objectMissing(oid, `it is a ${object.type}, not a ${type}`);
  return object;
}

function notFastForward(head: Oid, base: Oid | undefined): KittiwakeError {
  return new KittiwakeError(
    'not_fast_forward',
    `Taking over ${head} fails: it does not build on the head ${base}`,
  );
}

import { packJournal } from '../flush/flush-pack.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import { PackIndex } from '../pack/pack-index.ts';
import type { LedgerView } from '../view/view.ts';

/** A pack whose entries are sent. */
export interface SourcePack {
  index: PackIndex;
  /** Of the pack. */
  bytes: number;
  /** @throws KittiwakeError `pack_missing` */
  read(start: number, end: number): Promise<Buffer>;
}

/** How many indexes are read at once. */
const INDEXES_AT_ONCE = 16;

const journals = new WeakMap<Ledger, Promise<SourcePack>>();

/** All objects of one version of the ledger. */
export interface SourcePacks {
  /** Those that it lists. */
  listed: readonly SourcePack[];
  /** Its journal as one more, and large files of that. */
  fresh: readonly SourcePack[];
  /** The same for versions with the same list. */
  list: readonly PackRef[];
}

/** @throws KittiwakeError `pack_missing`, `pack_index_corrupt` */
export async function sourcePacks(repository: LedgerRepository, view: LedgerView): Promise<SourcePacks> {
  const { ledger } = view;
  const large = await storedPacks(repository, view.largePacks());
  const journal = ledger.journal.last() ? [await journalPack(repository, view)] : [];
  const listed = await storedPacks(repository, ledger.packs);
  return { listed, fresh: [...journal, ...large], list: ledger.packs };
}

async function storedPacks(repository: LedgerRepository, refs: readonly PackRef[]): Promise<SourcePack[]> {
  const packs: SourcePack[] = [];
  for (let at = 0; at < refs.length; at += INDEXES_AT_ONCE) {
    const some = refs.slice(at, at + INDEXES_AT_ONCE);
    packs.push(...(await Promise.all(some.map(ref => storedPack(repository, ref)))));
  }
  return packs;
}

async function storedPack({ packs }: LedgerRepository, ref: PackRef): Promise<SourcePack> {
  const read = (start: number, end: number) => packs.read(ref.name, 'pack', start, end);
  return { index: await packs.index(ref), bytes: ref.bytes, read };
}

/** In memory; made once for all who ask for the same version. */
function journalPack(repository: LedgerRepository, view: LedgerView): Promise<SourcePack> {
  const { ledger } = view;
  const known = journals.get(ledger);
  if (known) return known;
  const making = packJournal(ledger, view.treeSource, repository).then(writer => {
    const { pack, index } = writer.finish();
    const bytes = Buffer.concat(pack);
    const read = async (start: number, end: number) => bytes.subarray(start, end);
    return { index: PackIndex.parse(index), bytes: bytes.length, read };
  });
  journals.set(ledger, making);
  making.catch(() => journals.delete(ledger));
  return making;
}

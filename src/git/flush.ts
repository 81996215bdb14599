import type { Runtime } from '../core/runtime.ts';
import { randomId } from '../core/runtime.ts';
import { mapJournal } from './flush-map.ts';
import { packJournal } from './flush-pack.ts';
import { encodeKeySegment, RECORD_SECONDS } from './key-segment.ts';
import { largePacks } from './large-packs.ts';
import type { KeySegmentRef, Ledger, PackRef } from './ledger.ts';
import { encodeMap } from './map-writer.ts';
import type { Oid } from './objects.ts';
import type { PackStore } from './pack-store.ts';
import type { TreeStore } from './tree-store.ts';
import type { LedgerView } from './view.ts';

/** When a journal is flushed: at `minBytes` and `minSwaps`, or at `maxBytes` alone. */
export interface FlushPolicy {
  minBytes: number;
  minSwaps: number;
  maxBytes: number;
}

export const DEFAULT_FLUSH: FlushPolicy = { minBytes: 64 << 10, minSwaps: 32, maxBytes: 1 << 20 };

/** A pack that is stored but not listed yet, and which entries of which journal it stands for. */
export interface Flushed {
  pack: PackRef;
  /** Packs of single large blobs that the entries brought. */
  large: readonly PackRef[];
  keys: KeySegmentRef | undefined;
  baseHead: Oid | null;
  /** {@link Ledger.collections} when it was stored. */
  collections: number;
  count: number;
  lastOid: Oid;
}

/** True when the policy asks for a flush. */
export function flushDue(ledger: Ledger, policy: FlushPolicy): boolean {
  const { byteLength, count } = ledger.journal;
  return byteLength >= policy.maxBytes || (byteLength >= policy.minBytes && count >= policy.minSwaps);
}

/** Writes the journal as a pack, its index and its map. Undefined when there is no commit to flush. */
export async function writeFlush(
  view: LedgerView,
  env: { packs: PackStore; runtime: Runtime; trees: TreeStore },
): Promise<Flushed | undefined> {
  const { ledger } = view;
  const { journal } = ledger;
  const last = journal.last();
  if (!last) return undefined;
  const name = `pack-${randomId(env.runtime)}`;
  const writer = await packJournal(ledger, view.treeSource, env.trees);
  const made = writer.finish();
  const large = largePacks(ledger);
  const places = new Map(large.map(({ oid, place }) => [oid, place]));
  const contents = await mapJournal(journal, view.journalLayer, oid => {
    const entry = writer.place(oid);
    return entry ? { pack: name, ...entry } : places.get(oid);
  });
  const map = encodeMap(contents);
  const records = journal.records();
  const segment = records.length > 0 ? encodeKeySegment(records) : undefined;
  await Promise.all([
    env.packs.write(name, 'pack', made.pack),
    env.packs.write(name, 'idx', [made.index]),
    env.packs.write(name, 'map', map.bytes),
    ...(segment ? [env.packs.write(name, 'keys', [segment])] : []),
  ]);
  return {
    pack: {
      name,
      bytes: total(made.pack),
      indexBytes: made.index.length,
      objects: made.entries.length,
      map: map.index,
    },
    large: large.map(each => each.ref),
    keys: segment && {
      name,
      bytes: segment.length,
      count: new Set(records.map(each => each.key)).size,
      newest: Math.max(...records.map(each => each.seconds)),
    },
    baseHead: journal.base.head,
    collections: ledger.collections,
    count: journal.count,
    lastOid: last.entry.oid,
  };
}

/**
 * The ledger with a flush taken over: the pack listed, the journal trimmed. The ledger itself when the flush is not for
 * it: another process flushed first, or a collection condemned the pack.
 */
export function applyFlush(ledger: Ledger, flushed: Flushed, nowSeconds: number): Ledger {
  const { journal } = ledger;
  const position = journal.position(flushed.lastOid);
  const condemned = new Set(ledger.condemned.map(each => each.name));
  const names = [flushed.pack, ...flushed.large].map(pack => pack.name);
  if (names.some(name => condemned.has(name)) || ledger.collections !== flushed.collections) return ledger;
  if (journal.base.head !== flushed.baseHead || position === undefined) return ledger;
  const fresh = ledger.keySegments.filter(segment => segment.newest > nowSeconds - RECORD_SECONDS);
  return {
    ...ledger,
    packs: [flushed.pack, ...flushed.large, ...ledger.packs],
    keySegments: flushed.keys ? [flushed.keys, ...fresh] : fresh,
    journal: journal.dropFirst(flushed.count),
  };
}

function total(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

import type { Runtime } from '../../core/runtime.ts';
import { randomId } from '../../core/runtime.ts';
import { largePacks } from '../commit/large-packs.ts';
import { RECORD_SECONDS } from '../ledger/key-segment.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import type { EncodedMap, MapContents } from '../map/map-writer.ts';
import { encodeMapInSteps } from '../map/map-writer.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerView } from '../view/view.ts';
import type { FlushedKeys } from './flush-keys.ts';
import { writeKeys } from './flush-keys.ts';
import { mapJournal } from './flush-map.ts';
import type { FlushSources } from './flush-pack.ts';
import { packJournal } from './flush-pack.ts';
import type { Pauses } from './pauses.ts';

/** When a journal is flushed: at `minBytes` and `minSwaps`, or at `maxBytes` alone. */
export interface FlushPolicy {
  minBytes: number;
  minSwaps: number;
  maxBytes: number;
}

export const DEFAULT_FLUSH: FlushPolicy = { minBytes: 64 << 10, minSwaps: 32, maxBytes: 1 << 20 };

/** What is stored but not listed yet, and which entries of which journal it stands for. */
export interface Flushed {
  /** Absent: the entries were idempotency records alone. */
  pack: PackRef | undefined;
  /** Packs of single large blobs that the entries brought. */
  large: readonly PackRef[];
  keys: FlushedKeys | undefined;
  /** {@link JournalBase.trims} of the journal. */
  trims: number;
  /** {@link Ledger.collections} when it was stored. */
  collections: number;
  count: number;
}

/** True when the policy asks for a flush. */
export function flushDue(ledger: Ledger, policy: FlushPolicy): boolean {
  const { byteLength, base } = ledger.journal;
  const swaps = ledger.stamp.seq - base.seq;
  return byteLength >= policy.maxBytes || (byteLength >= policy.minBytes && swaps >= policy.minSwaps);
}

/** Writes the journal as a pack with its index and map, and its records as a segment. Undefined when it is empty. */
export async function writeFlush(
  view: LedgerView,
  env: FlushSources & { runtime: Runtime },
): Promise<Flushed | undefined> {
  const { ledger } = view;
  const { journal } = ledger;
  if (journal.count === 0) return undefined;
  const name = `pack-${randomId(env.runtime)}`;
  const large = largePacks(ledger);
  const nowSeconds = Math.floor(env.runtime.now() / 1000);
  const [pack, keys] = await Promise.all([
    journal.last() ? writePack(name, view, env, large) : undefined,
    writeKeys(name, journal.records(), ledger.keySegments, { packs: env.packs, nowSeconds }),
  ]);
  return {
    pack,
    large: large.map(each => each.ref),
    keys,
    trims: journal.base.trims,
    collections: ledger.collections,
    count: journal.count,
  };
}

async function writePack(
  name: string,
  view: LedgerView,
  env: FlushSources,
  large: ReturnType<typeof largePacks>,
): Promise<PackRef> {
  const { ledger, journalLayer } = view;
  const writer = await packJournal(ledger, view.treeSource, env);
  const made = writer.finish();
  await env.pauses?.take();
  const places = new Map(large.map(({ oid, place }) => [oid, place]));
  const place = (oid: Oid) => {
    const entry = writer.place(oid);
    return entry ? { pack: name, ...entry } : places.get(oid);
  };
  const contents = await mapJournal(ledger.journal, journalLayer, place, env.pauses);
  const map = await encodePausing(contents, env.pauses);
  await Promise.all([
    env.packs.write(name, 'pack', made.pack),
    env.packs.write(name, 'idx', [made.index]),
    env.packs.write(name, 'map', map.bytes),
  ]);
  const { index, entries } = made;
  return { name, bytes: total(made.pack), indexBytes: index.length, objects: entries.length, map: map.index };
}

async function encodePausing(contents: MapContents, pauses: Pauses | undefined): Promise<EncodedMap> {
  const steps = encodeMapInSteps(contents);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (pauses?.due) await pauses.take();
  }
}

/**
 * The ledger with a flush taken over: the pack listed, the journal trimmed. The ledger itself when the flush is not for
 * it: another process flushed first, or a collection condemned the pack.
 */
export function applyFlush(ledger: Ledger, flushed: Flushed, nowSeconds: number): Ledger {
  const { journal } = ledger;
  const condemned = new Set(ledger.condemned.map(each => each.name));
  const packs = [...(flushed.pack ? [flushed.pack] : []), ...flushed.large];
  const names = [...packs.map(pack => pack.name), ...(flushed.keys ? [flushed.keys.segment.name] : [])];
  if (names.some(name => condemned.has(name)) || ledger.collections !== flushed.collections) return ledger;
  if (journal.base.trims !== flushed.trims || journal.count < flushed.count) return ledger;
  const replaced = new Set(flushed.keys?.replaced);
  const kept = ledger.keySegments.filter(
    ({ name, newest }) => !replaced.has(name) && newest > nowSeconds - RECORD_SECONDS,
  );
  return {
    ...ledger,
    packs: packs.length > 0 ? [...packs, ...ledger.packs] : ledger.packs,
    keySegments: flushed.keys ? [flushed.keys.segment, ...kept] : kept,
    journal: journal.dropFirst(flushed.count, ledger.stamp.seq),
  };
}

/** True when the ledger shows that the flush was taken over. */
export function isApplied(ledger: Ledger, { pack, keys, trims }: Flushed): boolean {
  if (pack) return ledger.packs.some(({ name }) => name === pack.name);
  if (keys) return ledger.keySegments.some(({ name }) => name === keys.segment.name);
  return ledger.journal.base.trims !== trims;
}

function total(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

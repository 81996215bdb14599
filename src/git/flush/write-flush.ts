import type { Runtime } from '../../core/runtime.ts';
import { randomId } from '../../core/runtime.ts';
import { largePacks } from '../commit/large-packs.ts';
import type { PackRef } from '../ledger/ledger.ts';
import type { EncodedMap, MapContents } from '../map/map-writer.ts';
import { encodeMapInSteps } from '../map/map-writer.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerView } from '../view/view.ts';
import type { Flushed } from './flush.ts';
import { writeKeys } from './flush-keys.ts';
import { mapJournal } from './flush-map.ts';
import type { FlushSources } from './flush-pack.ts';
import { packJournal } from './flush-pack.ts';
import type { Pauses } from './pauses.ts';

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

function total(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

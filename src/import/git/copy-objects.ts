import type { Oid } from '../../git/object/objects.ts';
import { inflateExactly } from '../../git/pack/pack-entry.ts';
import type { PackBatches } from '../pack-batches.ts';
import type { ForeignObjects } from './foreign-objects.ts';

export interface CopyOptions {
  objects: ForeignObjects;
  /** What is copied; all of it is there. */
  oids: ReadonlySet<Oid>;
  batches: PackBatches;
  progress: { advance(steps: number): void };
  signal?: AbortSignal | undefined;
}

/**
 * Copies objects into packs of ours in the order in which they lie. An object that lies as a delta stays one where its
 * base is copied too and lands in the same pack; a pack of ours is complete in itself.
 */
export async function copyObjects({ objects, oids, batches, progress, signal }: CopyOptions): Promise<void> {
  for (const oid of objects.oids()) {
    if (!oids.has(oid) || batches.has(oid)) continue;
    signal?.throwIfAborted();
    for (const each of baseChain(oid, objects, oids, batches)) {
      await copyOne(each, objects, oids, batches);
      progress.advance(1);
    }
  }
}

/** The object after those of its bases that are not copied yet. */
function baseChain(oid: Oid, objects: ForeignObjects, oids: ReadonlySet<Oid>, batches: PackBatches): Oid[] {
  const chain: Oid[] = [];
  const seen = new Set<Oid>();
  for (
    let at: Oid | undefined = oid;
    at !== undefined && oids.has(at) && !batches.has(at) && !seen.has(at);
  ) {
    chain.push(at);
    seen.add(at);
    at = objects.packed(at)?.base;
  }
  return chain.reverse();
}

async function copyOne(
  oid: Oid,
  objects: ForeignObjects,
  oids: ReadonlySet<Oid>,
  batches: PackBatches,
): Promise<void> {
  const entry = objects.packed(oid);
  if (entry !== undefined && entry.base === undefined) {
    await batches.addDeflated(entry.type, oid, entry.size, entry.deflated);
  } else if (entry?.base !== undefined && oids.has(entry.base) && batches.holds(entry.base)) {
    await batches.addDelta(entry.base, oid, inflateExactly(entry.deflated, entry.size));
  } else {
    const { type, bytes } = await objects.object(oid);
    await batches.add(type, oid, bytes);
  }
}

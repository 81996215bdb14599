import type { Oid } from '../object/objects.ts';
import type { ForeignSource } from './foreign-source.ts';
import type { PackBatches } from './pack-batches.ts';

export interface CopyOptions {
  objects: ForeignSource;
  /** Whether an object is copied; all of these are there. */
  wanted: (oid: Oid) => boolean;
  batches: PackBatches;
  progress: { advance(steps: number): void };
  signal?: AbortSignal | undefined;
}

/**
 * Copies objects into packs of ours in the order in which they lie. An object that lies as a delta stays one where its
 * base is copied too and lands in the same pack; a pack of ours is complete in itself. Large blobs get packs of their own.
 */
export async function copyObjects(options: CopyOptions): Promise<void> {
  const { objects, wanted, batches, progress, signal } = options;
  for (const oid of objects.oids()) {
    if (!wanted(oid) || batches.has(oid)) continue;
    signal?.throwIfAborted();
    for (const each of baseChain(oid, options)) {
      await copyOne(each, options);
      progress.advance(1);
    }
  }
}

/** The object after those of its bases that are not copied yet. */
function baseChain(oid: Oid, { objects, wanted, batches }: CopyOptions): Oid[] {
  const chain: Oid[] = [];
  const seen = new Set<Oid>();
  for (let at: Oid | undefined = oid; at !== undefined && wanted(at) && !batches.has(at) && !seen.has(at); ) {
    chain.push(at);
    seen.add(at);
    at = objects.baseOf(at);
  }
  return chain.reverse();
}

async function copyOne(oid: Oid, { objects, wanted, batches, signal }: CopyOptions): Promise<void> {
  const large = objects.large(oid);
  if (large !== undefined) {
    await batches.addStream(large.size, large.chunks, signal);
    return;
  }
  const entry = objects.packed(oid);
  if (entry !== undefined && entry.base === undefined) {
    await batches.addDeflated(entry.type, oid, entry.size, entry.deflated);
  } else if (entry?.base !== undefined && wanted(entry.base) && batches.holds(entry.base)) {
    await batches.addDelta(entry.base, oid, entry.size, entry.deflated);
  } else {
    const { type, bytes } = await objects.object(oid);
    await batches.add(type, oid, bytes);
  }
}

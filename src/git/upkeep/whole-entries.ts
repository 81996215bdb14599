import type { Place } from '../layer/layer.ts';
import type { PackRef } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { isDelta, MAX_ENTRY_HEADER_BYTES, readEntryHeader, TRAILER_BYTES } from '../pack/pack-entry.ts';
import type { PackIndex } from '../pack/pack-index.ts';

const WINDOW_BYTES = 1 << 20;

/** Where the objects of some packs lie that lie whole, and how large they are. */
export interface WholeEntries {
  place(oid: Oid): Place | undefined;
  /** Bytes of the object; undefined where it lies as a delta. */
  size(oid: Oid): number | undefined;
}

interface ScannedPack {
  pack: PackRef;
  index: PackIndex;
  /** Of the objects by the offsets at which they lie whole. */
  sizes: ReadonlyMap<number, number>;
}

/** Reads the headers of all entries; the packs pass through memory a window at a time. */
export async function findWholeEntries(
  repository: LedgerRepository,
  packs: readonly PackRef[],
): Promise<WholeEntries> {
  const scanned: ScannedPack[] = [];
  for (const pack of packs) {
    const index = await repository.packs.index(pack);
    scanned.push({ pack, index, sizes: await scanSizes(repository, pack, index) });
  }
  const find = (oid: Oid) => {
    for (const { pack, index, sizes } of scanned) {
      const offset = index.find(oid);
      const size = offset === undefined ? undefined : sizes.get(offset);
      if (offset !== undefined && size !== undefined) return { pack, index, offset, size };
    }
    return undefined;
  };
  return {
    place(oid) {
      const found = find(oid);
      if (!found) return undefined;
      const { pack, index, offset } = found;
      return { pack: pack.name, offset, length: index.entryEnd(offset, pack.bytes) - offset };
    },
    size: oid => find(oid)?.size,
  };
}

async function scanSizes(
  repository: LedgerRepository,
  pack: PackRef,
  index: PackIndex,
): Promise<Map<number, number>> {
  const offsets = Float64Array.from([...index.entries()].map(entry => entry.offset)).sort();
  const sizes = new Map<number, number>();
  let window: { start: number; bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
  for (const offset of offsets) {
    const needed = Math.min(offset + MAX_ENTRY_HEADER_BYTES, pack.bytes - TRAILER_BYTES);
    if (needed > window.start + window.bytes.length) {
      const bytes = await repository.packs.read(pack.name, 'pack', offset, offset + WINDOW_BYTES);
      window = { start: offset, bytes };
    }
    const header = readEntryHeader(window.bytes, offset - window.start);
    if (!isDelta(header)) sizes.set(offset, header.size);
  }
  return sizes;
}

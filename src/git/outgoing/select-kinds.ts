import type { OidSet } from '../object/oid-set.ts';
import { readDeltaHeader } from '../pack/delta.ts';
import {
  type EntryHeader,
  inflatePart,
  isDelta,
  readEntryHeader,
  TRAILER_BYTES,
} from '../pack/pack-entry.ts';
import { forwardReads } from './forward-reads.ts';
import { layoutOf } from './pack-layout.ts';
import { Selection } from './selection.ts';
import type { SourcePack } from './source-pack.ts';
import type { ContentFilter } from './tree-selection.ts';

/** Surely holds the header of an entry, and the sizes at the front of a delta. */
const FRONT_BYTES = 544;
const OID_BYTES = 20;
const KINDS = ['commit', 'tree', 'blob', 'tag'] as const;

/**
 * Of all objects of some packs those that a filter leaves, told by the headers of their entries.
 * @param among Absent: of all
 */
export async function selectKinds(
  packs: readonly SourcePack[],
  filter: ContentFilter,
  among?: OidSet,
): Promise<Selection> {
  const selection = new Selection();
  for (const pack of packs) await selectOf(pack, filter, selection, among);
  return selection;
}

async function selectOf(
  pack: SourcePack,
  filter: ContentFilter,
  selection: Selection,
  among: OidSet | undefined,
): Promise<void> {
  const { index } = pack;
  const { ids } = index;
  const reads = forwardReads(pack);
  const kinds = new Map<number, number>();
  const layout = layoutOf(index);
  for (let at = 0; at < layout.length; at += 1) {
    const offset = index.offsetAt(layout[at] as number);
    const next = layout[at + 1];
    const end = next === undefined ? pack.bytes - TRAILER_BYTES : index.offsetAt(next);
    const read = reads(offset, Math.min(end, offset + FRONT_BYTES));
    const front = read instanceof Promise ? await read : read;
    const header = readEntryHeader(front);
    const kind = kindOf(pack, offset, header, kinds);
    kinds.set(offset, kind);
    if (!passes(filter, kind, () => sizeOf(header, front))) continue;
    const id = (layout[at] as number) * OID_BYTES;
    if (among === undefined || among.hasBytes(ids, id)) selection.oids.addBytes(ids, id);
  }
}

/** Bases lie before what is made of them, unless they are named by id. */
function kindOf(
  { index }: SourcePack,
  offset: number,
  header: EntryHeader,
  kinds: ReadonlyMap<number, number>,
): number {
  if (!isDelta(header)) return KINDS.indexOf(header.kind);
  const base = header.kind === 'ofs-delta' ? offset - header.distance : (index.find(header.base) ?? -1);
  return kinds.get(base) ?? KINDS.indexOf('blob');
}

function sizeOf(header: EntryHeader, front: Buffer): number {
  return isDelta(header)
    ? readDeltaHeader(inflatePart(front.subarray(header.length))).targetLength
    : header.size;
}

function passes({ blobs, trees, maxBlobBytes }: ContentFilter, kind: number, size: () => number): boolean {
  if (KINDS[kind] === 'tree') return trees;
  if (KINDS[kind] !== 'blob') return true;
  return blobs && (maxBlobBytes === undefined || size() < maxBlobBytes);
}

import { packCorrupt } from '../errors.ts';
import type { PackRef } from '../ledger/ledger.ts';
import { OidSet } from '../object/oid-set.ts';
import {
  encodeEntryHeader,
  isDelta,
  MAX_ENTRY_HEADER_BYTES,
  PACK_HEADER_BYTES,
  readEntryHeader,
  TRAILER_BYTES,
} from '../pack/pack-entry.ts';
import { forwardReads } from './forward-reads.ts';
import { layoutOf } from './pack-layout.ts';
import type { SourcePack, SourcePacks } from './source-pack.ts';

const OID_BYTES = 20;
/** Above what is taken for one of many small reads. */
const CHUNK_BYTES = 640 << 10;

/**
 * The entries of some packs as those of one: of each object the first, in the packs' order, as it lies. What a pack does not share with those
 * before it is sent without being looked at. In memory are about 40 bytes an object.
 */
export class WholePacks {
  /** Number of entries. */
  readonly count: number;
  readonly #packs: readonly Placed[];

  constructor({ listed, fresh, list }: SourcePacks) {
    const [only] = listed;
    if (only && listed.length === 1 && fresh.length === 0) {
      this.count = only.index.count;
      this.#packs = [{ pack: only, start: PACK_HEADER_BYTES, moved: undefined }];
      return;
    }
    const { packs, seen } = placedOf(listed, list);
    const also = new OidSet();
    const isKnown = (ids: Buffer, at: number) => seen.hasBytes(ids, at) || !also.addBytes(ids, at);
    this.#packs = [...packs, ...fresh.map(pack => placed(pack, isKnown))];
    this.count = seen.size + also.size;
  }

  /** @throws KittiwakeError `pack_corrupt`, `pack_missing` */
  async *chunks(): AsyncGenerator<Buffer> {
    let at = PACK_HEADER_BYTES;
    for (const placed of this.#packs) {
      placed.start = at;
      for await (const chunk of placed.moved ? this.#someOf(placed, placed.moved) : wholeBody(placed.pack)) {
        at += chunk.length;
        yield chunk;
      }
    }
  }

  /** What of a pack did not come before. Deltas name where their bases lie now. */
  async *#someOf({ pack, start }: Placed, moved: MovedEntries): AsyncGenerator<Buffer> {
    const { offsets, repeated, placedAt } = moved;
    const reads = forwardReads(pack);
    let at = start;
    let pending: Buffer[] = [];
    let pendingBytes = 0;
    for (let entry = 0; entry < offsets.length; entry += 1) {
      if (repeated[entry] === 1) continue;
      const offset = offsets[entry] as number;
      const end = offsets[entry + 1] ?? pack.bytes - TRAILER_BYTES;
      const front = await reads(offset, Math.min(end, offset + MAX_ENTRY_HEADER_BYTES));
      const header = readEntryHeader(front);
      const base = isDelta(header) ? this.#baseOf(pack, moved, offset, header) : undefined;
      placedAt[entry] = at;
      const written =
        base === undefined
          ? front.subarray(0, header.length)
          : encodeEntryHeader('ofs-delta', header.size, at - base);
      pending.push(written);
      pendingBytes += written.length;
      for (let from = offset + header.length; from < end; from += CHUNK_BYTES) {
        const part = await reads(from, Math.min(end, from + CHUNK_BYTES));
        pending.push(part);
        pendingBytes += part.length;
        if (pendingBytes < CHUNK_BYTES) continue;
        yield Buffer.concat(pending, pendingBytes);
        [pending, pendingBytes] = [[], 0];
      }
      at += written.length + end - offset - header.length;
    }
    if (pendingBytes > 0) yield Buffer.concat(pending, pendingBytes);
  }

  #baseOf(
    pack: SourcePack,
    moved: MovedEntries,
    offset: number,
    header: ReturnType<typeof readEntryHeader>,
  ): number {
    const from = header.kind === 'ofs-delta' ? offset - header.distance : undefined;
    const entry = from === undefined ? -1 : positionOf(moved.offsets, from);
    if (entry < 0) throw packCorrupt(`the delta at byte ${offset} has no base`);
    if (moved.repeated[entry] === 0) return moved.placedAt[entry] as number;
    const at = this.#placeBefore(pack, pack.index.ids.subarray(...idRange(moved.ids[entry] as number)));
    if (at === undefined) throw packCorrupt(`the delta at byte ${offset} has no base`);
    return at;
  }

  /** Where an object lies that an earlier pack brought. */
  #placeBefore(pack: SourcePack, id: Buffer): number | undefined {
    const oid = id.toString('hex');
    for (const { pack: earlier, start, moved } of this.#packs) {
      if (earlier === pack) return undefined;
      const offset = earlier.index.find(oid);
      if (offset === undefined) continue;
      if (!moved) return start + offset - PACK_HEADER_BYTES;
      const entry = positionOf(moved.offsets, offset);
      if (moved.repeated[entry] === 0) return moved.placedAt[entry];
    }
    return undefined;
  }
}

interface Placed {
  pack: SourcePack;
  /** Where its entries begin among all. */
  start: number;
  /** Absent: all of it is sent as it lies. */
  moved: MovedEntries | undefined;
}

/** The entries of a pack in its order. */
interface MovedEntries {
  offsets: Float64Array;
  /** Positions in the index. */
  ids: Uint32Array;
  /** 1: an earlier pack has brought it. */
  repeated: Uint8Array;
  /** Where they lie now. */
  placedAt: Float64Array;
}

interface Listed {
  packs: readonly Placed[];
  seen: OidSet;
}

/** More objects are looked through each time. */
const MAX_KEPT_OBJECTS = 1_000_000;
/** What is placed lies at the same places in whatever is sent of a list. */
const known = new WeakMap<readonly PackRef[], Listed>();

function placedOf(listed: readonly SourcePack[], list: readonly PackRef[]): Listed {
  const before = known.get(list);
  if (before) return before;
  const seen = new OidSet();
  const packs = listed.map(pack => placed(pack, (ids, at) => !seen.addBytes(ids, at)));
  const made = { packs, seen };
  if (seen.size <= MAX_KEPT_OBJECTS) known.set(list, made);
  return made;
}

function placed(pack: SourcePack, isKnown: (ids: Buffer, at: number) => boolean): Placed {
  return { pack, start: 0, moved: movedEntries(pack, isKnown) };
}

/** Undefined: none of the pack's objects is known. */
function movedEntries(
  { index }: SourcePack,
  isKnown: (ids: Buffer, at: number) => boolean,
): MovedEntries | undefined {
  const { ids: names, count } = index;
  const isRepeated = new Uint8Array(count);
  let some = false;
  for (let i = 0; i < count; i += 1) {
    if (!isKnown(names, i * OID_BYTES)) continue;
    isRepeated[i] = 1;
    some = true;
  }
  if (!some) return undefined;
  const ids = layoutOf(index);
  return {
    ids,
    offsets: Float64Array.from(ids, i => index.offsetAt(i)),
    repeated: Uint8Array.from(ids, i => isRepeated[i] as number),
    placedAt: new Float64Array(count),
  };
}

function idRange(position: number): [number, number] {
  return [position * OID_BYTES, (position + 1) * OID_BYTES];
}

function positionOf(sorted: Float64Array, wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted ? low : -1;
}

/** All between header and trailer; what comes next is read while the one before is sent. */
async function* wholeBody({ bytes, read }: SourcePack): AsyncGenerator<Buffer> {
  const end = bytes - TRAILER_BYTES;
  const next = (start: number) => {
    const reading = start < end ? read(start, Math.min(end, start + CHUNK_BYTES)) : undefined;
    // Whoever takes it is told.
    reading?.catch(() => {});
    return reading;
  };
  let reading = next(PACK_HEADER_BYTES);
  for (let start = PACK_HEADER_BYTES; reading; start += CHUNK_BYTES) {
    const chunk = await reading;
    reading = next(start + CHUNK_BYTES);
    if (chunk.length === 0) throw packCorrupt(`it ends at byte ${start}`);
    yield chunk;
  }
}

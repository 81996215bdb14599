import { crc32 } from 'node:zlib';
import { withKey } from '../../core/errors.ts';
import { packCorrupt } from '../errors.ts';
import type { ObjectType, Oid } from '../object/objects.ts';
import type { BuiltPack } from './pack-assembler.ts';
import { PackAssembler } from './pack-assembler.ts';
import type { EntryHeader } from './pack-entry.ts';
import { isDelta, readEntryHeader, TRAILER_BYTES } from './pack-entry.ts';
import type { PackIndex } from './pack-index.ts';

export interface MergeInput {
  pack: Buffer;
  index: PackIndex;
  /** Names the pack in errors. */
  key?: string;
}

/** An entry of one of the inputs. */
export interface Source {
  oid: Oid;
  offset: number;
  /** The whole entry. */
  bytes: Buffer;
  header: EntryHeader;
  base: Source | undefined;
  /** Length of its chain in its own pack; -1 while unknown. */
  depth: number;
  type: ObjectType;
}

/**
 * One pack of the objects of several complete ones. Entries are copied as they are, nothing is inflated; an object that is in several
 * packs is taken from where its chain of deltas is shortest. Keeps the order of the inputs, bases before their dependants.
 * @throws KittiwakeError `pack_corrupt` when an entry's checksum is wrong or its base is in another pack
 */
export function mergePacks(inputs: readonly MergeInput[]): BuiltPack {
  const sources = inputs.map(named);
  const best = new Map<Oid, Source>();
  for (const source of sources.flat()) {
    const other = best.get(source.oid);
    if (!other || source.depth < other.depth) best.set(source.oid, source);
  }
  const assembler = new PackAssembler();
  for (const source of sources.flat()) if (best.get(source.oid) === source) emit(source, best, assembler);
  return assembler.finish();
}

/** The depth never grows along the way to the base, whichever pack each link is taken from, so this ends. */
function emit(source: Source, best: ReadonlyMap<Oid, Source>, assembler: PackAssembler): void {
  const chain: Source[] = [];
  for (let link: Source | undefined = source; link && !assembler.find(link.oid); ) {
    chain.push(link);
    link = link.base && best.get(link.base.oid);
  }
  for (const { oid, type, header, bytes, base } of chain.toReversed()) {
    const deflated = bytes.subarray(header.length);
    assembler.append({ oid, type, size: header.size, deflated, base: base && assembler.find(base.oid) });
  }
}

function named(input: MergeInput): Source[] {
  try {
    return readSources(input);
  } catch (error) {
    throw input.key === undefined ? error : withKey(error, input.key);
  }
}

/** All entries of a pack in its order, with their bases found. */
export function readSources({ pack, index }: MergeInput): Source[] {
  const trailer = pack.toString('hex', Math.max(pack.length - TRAILER_BYTES, 0));
  if (trailer !== index.packSha) throw packCorrupt('it is not the one that its index belongs to');
  const byOid = new Map<Oid, Source>();
  for (const { oid, offset, crc } of index.entries()) {
    const bytes = pack.subarray(offset, index.entryEnd(offset, pack.length));
    if (crc32(bytes) !== crc) throw packCorrupt(`the entry of ${oid} does not match its checksum`);
    byOid.set(oid, {
      oid,
      offset,
      bytes,
      header: readEntryHeader(bytes),
      base: undefined,
      depth: -1,
      type: 'blob',
    });
  }
  const sources = [...byOid.values()].sort((a, b) => a.offset - b.offset);
  const byOffset = new Map(sources.map(source => [source.offset, source]));
  for (const source of sources) source.base = baseOf(source, byOid, byOffset);
  for (const source of sources) settle(source);
  return sources;
}

function baseOf(
  source: Source,
  byOid: ReadonlyMap<Oid, Source>,
  byOffset: ReadonlyMap<number, Source>,
): Source | undefined {
  const { header, offset, oid } = source;
  if (!isDelta(header)) return undefined;
  const base = header.kind === 'ofs-delta' ? byOffset.get(offset - header.distance) : byOid.get(header.base);
  if (!base) throw packCorrupt(`the base of ${oid} is not in it`);
  return base;
}

/** Finds depth and type of a source, and of all on the way to where its chain begins. */
function settle(source: Source): void {
  const chain: Source[] = [];
  const seen = new Set<Source>();
  let link = source;
  while (link.depth < 0 && link.base) {
    if (seen.has(link)) throw packCorrupt(`the delta ${link.oid} is based on itself`);
    seen.add(link);
    chain.push(link);
    link = link.base;
  }
  if (link.depth < 0 && !isDelta(link.header)) {
    link.depth = 0;
    link.type = link.header.kind;
  }
  for (const each of chain.toReversed()) {
    each.depth = (each.base?.depth ?? 0) + 1;
    each.type = each.base?.type ?? each.type;
  }
}

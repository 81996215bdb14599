import { createHash } from 'node:crypto';
import type { GitObject, Oid } from '../object/objects.ts';
import { PACK_HEADER_BYTES } from '../pack/pack-entry.ts';
import type { CommitGraph, GraphCommit } from './commit-graph.ts';
import { commitRange, reachedFrom } from './commit-range.ts';
import type { PackedObjects } from './packed-objects.ts';
import { SelectedEntries } from './selected-entries.ts';
import { Selection } from './selection.ts';
import type { SourcePacks } from './source-pack.ts';
import { type ContentFilter, isFiltered, NO_FILTER, TreeSelection } from './tree-selection.ts';
import { WholePacks } from './whole-packs.ts';

/** A pack as it is sent: its header, all entries, its checksum. */
export interface OutgoingPack {
  /** Number of objects. */
  objects: number;
  /** To be taken once. */
  chunks: AsyncIterable<Buffer>;
}

export interface SelectRequest {
  /** Positions of commits. */
  wants: readonly number[];
  /** Positions of commits that the receiver has, with all that they reach. */
  haves: readonly number[];
  /** Further objects that are sent whatever the filter says; of trees all that is in them. */
  others?: readonly { oid: Oid; type: GitObject['type'] }[];
  filter?: ContentFilter;
  /** Commits whose parents the receiver does not have. */
  known?: ReadonlySet<Oid>;
  /** Positions of those that it is to have; absent: all that the wants reach. */
  included?: ReadonlySet<number>;
}

/** Everything that some packs hold, as one. */
export function everything(packs: SourcePacks): OutgoingPack {
  const whole = new WholePacks(packs);
  return { objects: whole.count, chunks: framed(whole.count, whole.chunks()) };
}

/** Selected objects as a pack. @throws KittiwakeError `object_missing` */
export function selected(
  objects: PackedObjects,
  selection: Selection,
  options: { thin: boolean; ofsDelta: boolean },
): OutgoingPack {
  const entries = new SelectedEntries(objects, selection, options);
  return { objects: selection.size, chunks: framed(selection.size, entries.chunks()) };
}

/**
 * The objects that the wants reach and the haves do not. Costs what the commits between both changed.
 * @throws KittiwakeError `object_missing`, `object_corrupt`, `pack_corrupt`, `pack_missing`
 */
export async function selectObjects(
  objects: PackedObjects,
  graph: CommitGraph,
  request: SelectRequest,
  selection = new Selection(),
): Promise<Selection> {
  const { filter = NO_FILTER, others = [], haves } = request;
  const trees = new TreeSelection({ objects, selection, filter });
  let base = haves.length > 0 ? [(await graph.at(Math.max(...haves))).tree] : [];
  for await (const { commit, available } of commitsOf(graph, request)) {
    selection.add(commit.oid);
    const had: Oid[] = [];
    for (const parent of available) had.push((await graph.at(parent)).tree);
    await trees.add(commit.tree, available.length > 0 ? had : base);
    if (available.length === 0) base = [commit.tree];
  }
  const wanted = new TreeSelection({ objects, selection, filter: { ...filter, trees: true } });
  for (const { oid, type } of others) {
    if (type === 'tree') await wanted.add(oid, []);
    else selection.add(oid);
  }
  return selection;
}

interface SentCommit {
  commit: GraphCommit;
  /** Parents that the receiver has, or gets. */
  available: readonly number[];
}

async function* commitsOf(graph: CommitGraph, request: SelectRequest): AsyncGenerator<SentCommit> {
  const { wants, haves, known, included } = request;
  if (included === undefined) {
    const ends = { wants, haves, ...(known ? { cut: known } : {}) };
    for await (const { commit, parents } of commitRange(graph, ends)) yield { commit, available: parents };
    return;
  }
  const had = await reachedFrom(graph, haves, known ?? new Set());
  for (const position of [...included.difference(had)].sort((a, b) => b - a)) {
    const commit = await graph.at(position);
    const parents = await graph.parents(commit, new Set());
    yield { commit, available: parents.filter(parent => included.has(parent) || had.has(parent)) };
  }
}

/** True where the receiver has all that its commits lead to, so that objects may be sent as deltas against it. */
export function mayBeThin({ filter = NO_FILTER, haves }: SelectRequest): boolean {
  return haves.length > 0 && !isFiltered(filter);
}

async function* framed(objects: number, entries: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const sha = createHash('sha1');
  const header = Buffer.alloc(PACK_HEADER_BYTES);
  header.write('PACK', 0, 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects, 8);
  sha.update(header);
  yield header;
  for await (const chunk of entries) {
    sha.update(chunk);
    yield chunk;
  }
  yield sha.digest();
}

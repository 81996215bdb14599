import type { Oid } from '../object/objects.ts';
import type { CommitGraph } from './commit-graph.ts';
import { reachedFrom } from './commit-range.ts';

/** How far back a history is wanted. */
export interface Depth {
  /** So many commits along each line; `Infinity`: all. Absent: the others count. */
  commits?: number;
  /** `commits` counts from where the receiver's history ends now. */
  relative: boolean;
  /** Committed at this second or later. */
  since?: number;
  /** Without what these reach: positions. */
  not: readonly number[];
}

export interface ShallowPlan {
  /** Positions of all commits that the receiver is to have of what it wants. */
  included: ReadonlySet<number>;
  /** Those without some of their parents, as far as the receiver does not know. */
  shallow: Oid[];
  /** Those whose parents the receiver gets now. */
  unshallow: Oid[];
  /** All that will have no parents there. */
  cut: ReadonlySet<Oid>;
}

/**
 * Which part of a history goes to a receiver, and where it ends there (gitprotocol-v2(5), `deepen` and the like).
 * @param known where the receiver's history ends now
 */
export async function planShallow(
  graph: CommitGraph,
  wants: readonly number[],
  depth: Depth,
  known: ReadonlySet<Oid>,
): Promise<ShallowPlan> {
  const included = await include(graph, wants, depth, known);
  const cut = new Set<Oid>();
  const plan: ShallowPlan = { included, shallow: [], unshallow: [], cut };
  for (const position of included) {
    const commit = await graph.at(position);
    const parents = await graph.parents(commit, new Set());
    const isCut = parents.some(parent => !included.has(parent));
    if (isCut) cut.add(commit.oid);
    if (isCut && !known.has(commit.oid)) plan.shallow.push(commit.oid);
    if (!isCut && known.has(commit.oid)) plan.unshallow.push(commit.oid);
  }
  return plan;
}

async function include(
  graph: CommitGraph,
  wants: readonly number[],
  { commits, relative, since = 0, not }: Depth,
  known: ReadonlySet<Oid>,
): Promise<Set<number>> {
  if (commits !== undefined && !relative) return await withinDepth(graph, wants, commits);
  if (commits !== undefined) {
    const kept = await reachedFrom(graph, wants, known);
    const ends: number[] = [];
    for (const position of kept) if (known.has((await graph.at(position)).oid)) ends.push(position);
    const deeper = await withinDepth(graph, ends, commits + 1);
    return kept.union(deeper);
  }
  const excluded = await reachedFrom(graph, not, new Set());
  const isIn = async (position: number) =>
    !excluded.has(position) && (await graph.at(position)).seconds >= since;
  return await reachedWhile(graph, wants, isIn);
}

async function withinDepth(
  graph: CommitGraph,
  from: readonly number[],
  commits: number,
): Promise<Set<number>> {
  const included = new Set<number>();
  let level = new Set(from);
  for (let depth = 0; depth < commits && level.size > 0; depth += 1) {
    const next = new Set<number>();
    for (const position of level) included.add(position);
    for (const position of level) {
      for (const parent of await graph.parents(await graph.at(position), new Set()))
        if (!included.has(parent)) next.add(parent);
    }
    level = next;
  }
  return included;
}

async function reachedWhile(
  graph: CommitGraph,
  from: readonly number[],
  isIn: (position: number) => Promise<boolean>,
): Promise<Set<number>> {
  const reached = new Set<number>();
  for (const position of from) if (await isIn(position)) reached.add(position);
  for (const position of reached)
    for (const parent of await graph.parents(await graph.at(position), new Set()))
      if (await isIn(parent)) reached.add(parent);
  return reached;
}

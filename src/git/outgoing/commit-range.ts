import type { Oid } from '../object/objects.ts';
import type { CommitGraph, GraphCommit } from './commit-graph.ts';
import { Heights } from './heights.ts';

const WANTED = 1;
const HAD = 2;
const NONE: ReadonlySet<Oid> = new Set();

export interface RangeEnds {
  /** Positions. */
  wants: Iterable<number>;
  /** Positions. */
  haves: Iterable<number>;
  /** Commits that count as having no parents: the receiver does not have these. */
  cut?: ReadonlySet<Oid>;
}

/** A commit that is sent, and those of its parents that the receiver will have. */
export interface RangedCommit {
  commit: GraphCommit;
  parents: readonly number[];
}

/** The commits that the wants reach and the haves do not, each before its parents. In memory is a byte for each commit of the wiki. */
export async function* commitRange(
  graph: CommitGraph,
  { wants, haves, cut = NONE }: RangeEnds,
): AsyncGenerator<RangedCommit> {
  const marks = new Uint8Array(graph.length);
  const queue = new Heights();
  let open = 0;
  const mark = (position: number, bits: number) => {
    const known = marks[position] as number;
    const now = known | bits;
    if (known === 0) queue.push(position);
    if (known === 0 && now === WANTED) open += 1;
    if (known === WANTED && now !== WANTED) open -= 1;
    marks[position] = now;
  };
  for (const position of haves) mark(position, HAD);
  for (const position of wants) mark(position, WANTED);
  while (open > 0) {
    const position = queue.pop() as number;
    const bits = marks[position] as number;
    if (bits === WANTED) open -= 1;
    const commit = await graph.at(position);
    const parents = await graph.parents(commit, cut);
    for (const parent of parents) mark(parent, bits & HAD ? HAD : WANTED);
    if (bits === WANTED) yield { commit, parents };
  }
}

/** All that some commits reach, as positions; those in `cut` count as having no parents. */
export async function reachedFrom(
  graph: CommitGraph,
  from: Iterable<number>,
  cut: ReadonlySet<Oid>,
): Promise<Set<number>> {
  const reached = new Set(from);
  for (const position of reached)
    for (const parent of await graph.parents(await graph.at(position), cut)) reached.add(parent);
  return reached;
}

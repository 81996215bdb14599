import { decodeCommit } from '../object/object-codec.ts';
import type { Oid } from '../object/objects.ts';
import type { CommitGraph, GraphCommit } from './commit-graph.ts';
import type { PackedObjects } from './packed-objects.ts';

/** Commits that some refs reach and the main line does not, each behind its parents. All of them are held in memory. */
export async function sideCommits(
  objects: PackedObjects,
  graph: CommitGraph,
  tips: readonly Oid[],
): Promise<Omit<GraphCommit, 'position'>[]> {
  const found = new Map<Oid, Omit<GraphCommit, 'position'>>();
  for (const queue = [...tips]; queue.length > 0; ) {
    const oid = queue.pop() as Oid;
    if (found.has(oid) || (await graph.position(oid)) !== undefined) continue;
    const { tree, parents, committer } = decodeCommit((await objects.object(oid, 'commit')).bytes);
    found.set(oid, { oid, tree, parents, seconds: committer.seconds });
    queue.push(...parents);
  }
  return parentsFirst(found);
}

function parentsFirst<C extends { oid: Oid; parents: readonly Oid[] }>(found: ReadonlyMap<Oid, C>): C[] {
  const ordered = new Set<C>();
  for (const first of found.values()) {
    for (const stack = [first]; stack.length > 0; ) {
      const commit = stack.at(-1) as C;
      const missing = commit.parents.flatMap(oid => found.get(oid) ?? []).filter(each => !ordered.has(each));
      if (missing.length > 0) stack.push(...missing);
      else {
        ordered.add(commit);
        stack.pop();
      }
    }
  }
  return [...ordered];
}

import { decodeTag } from '../git/object/object-codec.ts';
import type { Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import { CommitGraph } from '../git/outgoing/commit-graph.ts';
import { PackedObjects } from '../git/outgoing/packed-objects.ts';
import { sideCommits } from '../git/outgoing/side-line.ts';
import { sourcePacks } from '../git/outgoing/source-pack.ts';
import { diffTrees } from '../git/tree/tree-diff.ts';
import type { LedgerView } from '../git/view/view.ts';

/** The paths of commits that some refs reach and the main line does not: no map tells of them. */
export async function* sidePaths(
  repository: LedgerRepository,
  view: LedgerView,
  tips: readonly Oid[],
): AsyncGenerator<string> {
  const objects = new PackedObjects(await sourcePacks(repository, view));
  const graph = new CommitGraph(view);
  const commits = await sideCommits(objects, graph, await commitsOf(objects, tips));
  graph.addSide(commits);
  const tree = (oid: Oid) => repository.trees.load(oid, undefined, view.treeSource);
  for (const commit of commits) {
    const [parent] = commit.parents;
    const before = parent === undefined ? null : (await graph.commit(parent)).tree;
    for (const { path } of await diffTrees(before, commit.tree, tree)) yield path;
  }
}

async function commitsOf(objects: PackedObjects, tips: readonly Oid[]): Promise<Oid[]> {
  const commits: Oid[] = [];
  for (const tip of tips) {
    let object = await objects.object(tip);
    let oid = tip;
    for (; object.type === 'tag'; object = await objects.object(oid)) oid = decodeTag(object.bytes).target;
    if (object.type === 'commit') commits.push(oid);
  }
  return commits;
}

import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import type { LogEntry } from '../repository.ts';
import { diffTrees } from '../tree/tree-diff.ts';
import type { LedgerView } from '../view/view.ts';

type Changes = LogEntry['changes'];

/** What a commit changed at some paths, also where its log entry omits that. */
export async function changesAt(
  view: LedgerView,
  { commit, changes, omitted }: LogEntry,
  paths: readonly string[],
): Promise<Changes> {
  if (omitted === undefined) return changes;
  const [parent] = commit.parents;
  const [now, old] = [await view.at(commit.oid), parent === undefined ? undefined : await view.at(parent)];
  return Promise.all(
    paths.map(async path => ({
      path,
      oid: (await now.entry(path))?.oid ?? null,
      before: (await old?.entry(path))?.oid ?? null,
    })),
  );
}

/** All that a commit changed, in memory. */
export async function allChanges(
  { trees }: LedgerRepository,
  view: LedgerView,
  { commit, changes, omitted }: LogEntry,
): Promise<Changes> {
  if (omitted === undefined) return changes;
  const [parent] = commit.parents;
  const before = parent === undefined ? undefined : await view.commit(parent);
  const found = await diffTrees(before?.tree ?? null, commit.tree, (oid: Oid) =>
    trees.load(oid, undefined, view.treeSource),
  );
  return found.map(change => ({
    path: change.path,
    oid: change.after?.oid ?? null,
    before: change.before?.oid ?? null,
  }));
}

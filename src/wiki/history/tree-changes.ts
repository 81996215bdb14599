import { lineParent } from '../../git/history/line-parent.ts';
import { MODE_FOLDER, type Oid } from '../../git/object/objects.ts';
import { comparePaths } from '../../git/object/paths.ts';
import type { CommitInfo, FolderEntry, TreeReader, View } from '../../git/repository.ts';

/** A file that differs between two trees; null: absent there. */
export interface TreeChange {
  path: string;
  before: FolderEntry | null;
  after: FolderEntry | null;
}

/** What a commit changed, compared with what precedes it on the main line; of a side branch, with its first parent. In path order. */
export async function changesOf(view: View, commit: CommitInfo): Promise<TreeChange[]> {
  const parent = await lineParent(commit, oid => view.commit(oid));
  const before = parent === undefined ? undefined : await view.at(parent);
  const changes: TreeChange[] = [];
  await walk(before, await view.at(commit.oid), '', changes);
  return changes.sort((a, b) => comparePaths(a.path, b.path));
}

async function walk(
  before: TreeReader | undefined,
  after: TreeReader | undefined,
  folder: string,
  changes: TreeChange[],
): Promise<void> {
  const [old, now] = await Promise.all([children(before, folder), children(after, folder)]);
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const pair = [old.get(name), now.get(name)] as const;
    if (pair[0]?.oid === pair[1]?.oid && pair[0]?.mode === pair[1]?.mode) continue;
    const path = folder === '' ? name : `${folder}/${name}`;
    const [oldFile, nowFile] = pair.map(entry => (entry && !isFolder(entry) ? entry : null));
    if (oldFile || nowFile) changes.push({ path, before: oldFile ?? null, after: nowFile ?? null });
    const [oldFolder, nowFolder] = pair.map(entry => entry !== undefined && isFolder(entry));
    if (oldFolder || nowFolder) {
      await walk(oldFolder ? before : undefined, nowFolder ? after : undefined, path, changes);
    }
  }
}

async function children(
  tree: TreeReader | undefined,
  folder: string,
): Promise<Map<string, FolderEntry & { oid: Oid }>> {
  return new Map((tree === undefined ? [] : await tree.folder(folder)).map(entry => [entry.name, entry]));
}

function isFolder(entry: FolderEntry): boolean {
  return entry.mode === MODE_FOLDER;
}

import { MODE_FOLDER, type Oid } from '../../git/object/objects.ts';
import { joinPath } from '../../git/object/paths.ts';
import type { FolderEntry } from '../../git/repository.ts';
import type { Tree } from '../../git/tree/tree.ts';
import type { BothHistories } from './both-histories.ts';
import type { Edits } from './merge-file.ts';

export interface Clash {
  kind: 'file_and_folder' | 'case';
  /** What stands in the way. */
  other: string;
}

/** What stands in our tree in the way of a new file, after the edits: a file above it, a folder in its place, a name like it. */
export async function clashWith(
  path: string,
  edits: Edits,
  root: Oid,
  histories: BothHistories,
): Promise<Clash | undefined> {
  const names = path.split('/');
  let tree: Tree | undefined = await histories.tree(root);
  let at = '';
  for (const [depth, name] of names.entries()) {
    if (tree === undefined) return undefined;
    const isLast = depth === names.length - 1;
    const here = joinPath(at, name);
    const found = tree.get(name);
    if (found === undefined) {
      const alike = await likeNamed(tree, name, at, edits, histories);
      return alike === undefined ? undefined : { kind: 'case', other: alike };
    }
    const isFolder = found.mode === MODE_FOLDER;
    if (!isFolder)
      return isLast || edits.get(here) === null ? undefined : { kind: 'file_and_folder', other: here };
    tree = await histories.tree(found.oid);
    if (isLast)
      return (await isEmptied(tree, here, edits, histories))
        ? undefined
        : { kind: 'file_and_folder', other: here };
    at = here;
  }
  return undefined;
}

/** An entry with the same name but for upper and lower case, that does not go. */
async function likeNamed(
  tree: Tree,
  name: string,
  folder: string,
  edits: Edits,
  histories: BothHistories,
): Promise<string | undefined> {
  const folded = fold(name);
  for (const entry of tree.entries()) {
    if (fold(entry.name) !== folded) continue;
    const path = joinPath(folder, entry.name);
    if (!(await goes(entry, path, edits, histories))) return path;
  }
  return undefined;
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

async function isEmptied(
  tree: Tree,
  folder: string,
  edits: Edits,
  histories: BothHistories,
): Promise<boolean> {
  for (const entry of tree.entries())
    if (!(await goes(entry, joinPath(folder, entry.name), edits, histories))) return false;
  return true;
}

async function goes(
  { mode, oid }: FolderEntry,
  path: string,
  edits: Edits,
  histories: BothHistories,
): Promise<boolean> {
  if (mode !== MODE_FOLDER) return edits.get(path) === null;
  return await isEmptied(await histories.tree(oid), path, edits, histories);
}

import type { Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';
import { comparePaths, joinPath, splitPath } from '../object/paths.ts';
import type { FolderEntry, TreeReader } from '../repository.ts';
import type { Tree } from '../tree/tree.ts';

/** Reads the tree of one commit by walking from its root. `load` yields a folder's tree by its id. */
export function createTreeReader(root: Oid, load: (oid: Oid, folder: string) => Promise<Tree>): TreeReader {
  async function treeAt(folder: string): Promise<Tree | undefined> {
    let tree = await load(root, '');
    if (folder === '') return tree;
    let walked = '';
    for (const name of folder.split('/')) {
      const entry = tree.get(name);
      if (entry?.mode !== MODE_FOLDER) return undefined;
      walked = joinPath(walked, name);
      tree = await load(entry.oid, walked);
    }
    return tree;
  }

  async function collect(
    folder: string,
    tree: Tree,
    into: { path: string; mode: number; oid: Oid }[],
  ): Promise<void> {
    for (const { name, mode, oid } of tree.entries()) {
      const path = joinPath(folder, name);
      if (mode === MODE_FOLDER) await collect(path, await load(oid, path), into);
      else into.push({ path, mode, oid });
    }
  }

  return {
    async entry(path) {
      if (path === '') return { name: '', mode: MODE_FOLDER, oid: root };
      const { folder, name } = splitPath(path);
      return (await treeAt(folder))?.get(name);
    },
    async folder(path): Promise<FolderEntry[]> {
      const tree = await treeAt(path);
      return tree ? [...tree.entries()] : [];
    },
    async files(folder) {
      const files: { path: string; mode: number; oid: Oid }[] = [];
      const tree = await treeAt(folder);
      if (tree) await collect(folder, tree, files);
      return files.sort((a, b) => comparePaths(a.path, b.path));
    },
  };
}

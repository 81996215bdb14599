import type { Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';
import { joinPath } from '../object/paths.ts';
import type { FolderEntry } from '../repository.ts';
import { Tree } from './tree.ts';
import { differingEntries } from './tree-difference.ts';

/** One file that differs between two trees; null: absent there. */
export interface TreeChange {
  path: string;
  before: { oid: Oid; mode: number } | null;
  after: { oid: Oid; mode: number } | null;
}

/**
 * Files that differ between two trees, by path within each folder. Folders with equal ids are not entered. `folder` is
 * called for every folder whose tree differs, with its new id (null: gone), children before parents.
 */
export async function diffTrees(
  before: Oid | null,
  after: Oid | null,
  load: (oid: Oid, folder: string) => Promise<Tree>,
  folder: (path: string, oid: Oid | null) => void = () => undefined,
): Promise<TreeChange[]> {
  const changes: TreeChange[] = [];

  async function walk(path: string, left: Oid | null, right: Oid | null): Promise<void> {
    if (left === right) return;
    const { old, now } = differingEntries(
      left === null ? Tree.empty : await load(left, path),
      right === null ? Tree.empty : await load(right, path),
    );
    const byName = new Map<string, { old?: FolderEntry; now?: FolderEntry }>();
    for (const entry of old) byName.set(entry.name, { old: entry });
    for (const entry of now) {
      const known = byName.get(entry.name);
      const same = known?.old !== undefined && known.old.oid === entry.oid && known.old.mode === entry.mode;
      if (same) byName.delete(entry.name);
      else byName.set(entry.name, { ...known, now: entry });
    }
    for (const [name, pair] of byName) await compare(joinPath(path, name), pair.old, pair.now);
    folder(detached(path), right === null ? null : detached(right));
  }

  async function compare(path: string, old?: FolderEntry, now?: FolderEntry): Promise<void> {
    const [oldFile, nowFile] = [asFile(old), asFile(now)];
    if (oldFile || nowFile) changes.push({ path: detached(path), before: oldFile, after: nowFile });
    const [oldFolder, nowFolder] = [asFolder(old), asFolder(now)];
    if (oldFolder !== null || nowFolder !== null) await walk(path, oldFolder, nowFolder);
  }

  await walk('', before, after);
  return changes;
}

function asFile(entry: FolderEntry | undefined): { oid: Oid; mode: number } | null {
  return entry && entry.mode !== MODE_FOLDER ? { oid: detached(entry.oid), mode: entry.mode } : null;
}

function asFolder(entry: FolderEntry | undefined): Oid | null {
  return entry?.mode === MODE_FOLDER ? entry.oid : null;
}

/** A copy: names and ids of a tree's entries are slices of its whole text, which V8 keeps as long as one of them. */
function detached(text: string): string {
  return text.isWellFormed() ? Buffer.from(text).toString() : text;
}

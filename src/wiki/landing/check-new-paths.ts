import { FoldedNames } from '../../git/bulk/build/folded-names.ts';
import { MODE_FOLDER } from '../../git/object/objects.ts';
import { joinPath, splitPath } from '../../git/object/paths.ts';
import type { FolderEntry, View } from '../../git/repository.ts';
import { pathInvalid } from '../errors.ts';
import { checkFilePath, isPageFile, pageStem } from '../name/page-path.ts';
import { strip } from '../name/python-text.ts';
import { pathCollides } from './errors.ts';

/** Files that come and go, by their paths. */
export interface Moved {
  added: readonly string[];
  removed: ReadonlySet<string>;
}

/**
 * Refuses names that come with what lands and that the wiki could not serve, or a clone not hold. Of what stood there before
 * nothing is asked, so that whatever an old wiki has can be edited.
 * @throws KittiwakeError `path_invalid`, `path_collides`
 */
export async function checkNewPaths(view: View, { added, removed }: Moved): Promise<void> {
  for (const path of added) checkName(path);
  for (const [folder, names] of namesByFolder(added)) {
    const folded = new FoldedNames();
    for (const name of names) {
      const other = folded.other(name);
      if (other !== undefined) throw pathCollides(joinPath(folder, name), joinPath(folder, other));
      folded.add(name);
    }
    for (const entry of await view.folder(folder)) {
      const fresh = folded.other(entry.name);
      if (fresh === undefined || !(await remains(view, folder, entry, removed))) continue;
      throw pathCollides(joinPath(folder, fresh), joinPath(folder, entry.name));
    }
  }
}

/** As strict as the API is with the pages that it makes; upper case stays, as wikis have it that keep case. */
function checkName(path: string): void {
  checkFilePath(path, path);
  const parts = isPageFile(path) ? pageStem(path).split('/') : [];
  if (parts.some(part => strip(part) === ''))
    throw pathInvalid(path, 'a part of it is empty, or nothing but spaces');
}

/** Of files, and of the folders that they are in. */
function namesByFolder(paths: readonly string[]): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const path of paths) {
    for (let at = path; at !== ''; ) {
      const { folder, name } = splitPath(at);
      const names = all.get(folder) ?? new Set();
      all.set(folder, names);
      if (names.has(name)) break;
      names.add(name);
      at = folder;
    }
  }
  return all;
}

/** A file or folder may go with what brings one that is called alike. */
async function remains(
  view: View,
  folder: string,
  { name, mode }: FolderEntry,
  removed: ReadonlySet<string>,
): Promise<boolean> {
  const path = joinPath(folder, name);
  if (mode !== MODE_FOLDER) return !removed.has(path);
  return (await view.files(path)).some(file => !removed.has(file.path));
}

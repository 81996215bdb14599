import type { Oid } from '../git/object/objects.ts';
import type { View } from '../git/repository.ts';
import type { Changes } from './projection.ts';
import type { PendingFile } from './read-pages.ts';

/** The mode of a submodule, whose id is that of a commit elsewhere. */
const MODE_SUBMODULE = 0o160000;

/**
 * What the index has to read and to forget to get from `changes.from` to `changes.to`.
 * @param indexed the blobs that the index holds now, by path; asked for only where everything is compared
 */
export async function pendingFiles(
  changes: Changes,
  isPage: (path: string) => boolean,
  indexed: () => ReadonlyMap<string, Oid>,
): Promise<PendingFile[]> {
  if (changes.kind === 'all') return compare(changes.view, isPage, indexed());
  const paths = new Set<string>();
  for (const { changes: files } of changes.entries) {
    for (const { path } of files) if (isPage(path)) paths.add(path);
  }
  return Promise.all([...paths].map(path => pendingFile(changes.view, path)));
}

async function pendingFile(view: View, path: string): Promise<PendingFile> {
  const file = await view.file(path);
  return { path, oid: file && file.mode !== MODE_SUBMODULE ? file.oid : null };
}

async function compare(
  view: View,
  isPage: (path: string) => boolean,
  indexed: ReadonlyMap<string, Oid>,
): Promise<PendingFile[]> {
  const pending: PendingFile[] = [];
  const present = new Set<string>();
  for (const { path, oid } of await view.described()) {
    if (!isPage(path)) continue;
    present.add(path);
    if (indexed.get(path) !== oid) pending.push({ path, oid });
  }
  for (const path of indexed.keys()) if (!present.has(path)) pending.push({ path, oid: null });
  return pending;
}

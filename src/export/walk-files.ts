import { MODE_FOLDER, type Oid } from '../git/object/objects.ts';
import { comparePaths, joinPath } from '../git/object/paths.ts';
import type { FolderEntry } from '../git/repository.ts';

export interface WalkedFile {
  path: string;
  mode: number;
  oid: Oid;
}

export interface WalkOptions {
  /** Direct children of a folder, in git's order. */
  folder(path: string): Promise<readonly FolderEntry[]>;
  /** Of a page: it and all below it. Default: everything. */
  prefix?: string | undefined;
  /** Files up to this path are passed over, and folders that hold no others are not read. */
  after?: string | undefined;
}

/** The files of a tree in the order of their paths (bytes). In memory are the folders above one file. */
export async function* walkFiles(options: WalkOptions, folder = ''): AsyncGenerator<WalkedFile> {
  for (const { name, mode, oid } of await options.folder(folder)) {
    const path = joinPath(folder, name);
    if (mode !== MODE_FOLDER) {
      if (isWanted(path, options)) yield { path, mode, oid };
    } else if (mayHold(path, options)) yield* walkFiles(options, path);
  }
}

function isWanted(path: string, { prefix = '', after }: WalkOptions): boolean {
  if (after !== undefined && comparePaths(path, after) <= 0) return false;
  return prefix === '' || path === `${prefix}.md` || path.startsWith(`${prefix}/`);
}

function mayHold(folder: string, { prefix = '', after }: WalkOptions): boolean {
  // `0` comes right after `/`: behind all paths in the folder.
  if (after !== undefined && comparePaths(`${folder}0`, after) <= 0) return false;
  return prefix === '' || `${folder}/`.startsWith(`${prefix}/`) || `${prefix}/`.startsWith(`${folder}/`);
}

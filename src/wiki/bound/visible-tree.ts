import { MODE_FOLDER, type Oid } from '../../git/object/objects.ts';
import type { FolderEntry, TreeReader } from '../../git/repository.ts';
import type { Permits } from '../access.ts';

/** A tree without the files that the caller may not read. Folders stay: what lies in them is asked for each by itself. */
export class VisibleTree implements TreeReader {
  readonly #tree: TreeReader;
  readonly #permits: Permits;

  constructor(tree: TreeReader, permits: Permits) {
    this.#tree = tree;
    this.#permits = permits;
  }

  async entry(path: string): Promise<FolderEntry | undefined> {
    const entry = await this.#tree.entry(path);
    return entry && this.#shows(entry, path) ? entry : undefined;
  }

  async folder(path: string): Promise<FolderEntry[]> {
    const entries = await this.#tree.folder(path);
    return entries.filter(entry => this.#shows(entry, path === '' ? entry.name : `${path}/${entry.name}`));
  }

  async files(folder: string): Promise<{ path: string; mode: number; oid: Oid }[]> {
    const files = await this.#tree.files(folder);
    return files.filter(({ path }) => this.#permits.may('read', path));
  }

  #shows({ mode }: FolderEntry, path: string): boolean {
    return mode === MODE_FOLDER || this.#permits.may('read', path);
  }
}

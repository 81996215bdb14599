import { isPageName } from '../page-name.ts';
import type { PathTable } from '../path-table.ts';

/**
 * Finds files as Obsidian does: a link names the end of a path, in any case, without `.md`
 * (https://help.obsidian.md/links, "Shortest path when possible").
 */
export class VaultIndex {
  readonly #paths: PathTable;
  readonly #root: string;
  readonly #byName = new Map<string, number | number[]>();

  /** @param root path of the vault in the archive, with `/`; `''` where it is the archive */
  constructor(paths: PathTable, root: string) {
    this.#paths = paths;
    this.#root = root;
    for (const file of paths.sorted()) {
      const path = paths.at(file);
      if (!path.startsWith(root)) continue;
      const name = folded(path.slice(path.lastIndexOf('/') + 1));
      const present = this.#byName.get(name);
      if (present === undefined) this.#byName.set(name, file);
      else this.#byName.set(name, typeof present === 'number' ? [present, file] : [...present, file]);
    }
  }

  /** @param from path of the note that holds the link, in the vault */
  find(link: string, from: string): number | undefined {
    const path = link.trim();
    if (path === '') return undefined;
    return this.#find(`${path}.md`, from) ?? this.#find(path, from);
  }

  /** In the vault. */
  path(file: number): string {
    const path = this.#paths.at(file);
    return path.startsWith(this.#root) ? path.slice(this.#root.length) : path;
  }

  #find(link: string, from: string): number | undefined {
    const isRelative = /^\.\.?\//.test(link);
    const path = folded(isRelative ? joined(folderOf(from), link) : link.replace(/^\/+/, ''));
    const found = this.#byName.get(path.slice(path.lastIndexOf('/') + 1));
    if (found === undefined) return undefined;
    const ends = (file: number) => {
      const whole = folded(this.path(file));
      return whole === path || (!isRelative && whole.endsWith(`/${path}`));
    };
    const files = (typeof found === 'number' ? [found] : found).filter(ends);
    return this.#nearest(files, path, from);
  }

  /** The very path; else one in the folder of the note; else the shortest. */
  #nearest(files: readonly number[], path: string, from: string): number | undefined {
    const folder = folded(folderOf(from));
    const rank = (file: number) => {
      const whole = folded(this.path(file));
      if (whole === path) return -2;
      return folderOf(whole) === folder ? -1 : whole.length;
    };
    let best: number | undefined;
    for (const file of files) if (best === undefined || rank(file) < rank(best)) best = file;
    return best;
  }
}

/** As file systems that do not tell case compare names. */
function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function joined(folder: string, link: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of link.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** True for what a note may embed as another note. */
export function isNote(path: string): boolean {
  return isPageName(path);
}

import type { PathTable } from '../path-table.ts';

/** `Page Title 0123456789abcdef0123456789abcdef.md`, the same as a folder, `….csv`, `…_all.csv`. */
const NAMED = /^(.*?) ?([0-9a-f]{32})(_all)?(\.[^.]+)?$/;

export interface NotionName {
  stem: string;
  id: string | undefined;
  /** `_all` and the extension. */
  end: string;
}

export function notionName(name: string): NotionName {
  const found = NAMED.exec(name);
  if (found !== null && found[1] !== '') {
    const [, stem = '', id, all = '', extension = ''] = found;
    return { stem, id, end: all + extension };
  }
  const dot = name.lastIndexOf('.');
  return dot <= 0
    ? { stem: name, id: undefined, end: '' }
    : { stem: name.slice(0, dot), id: undefined, end: name.slice(dot) };
}

/** Takes the ids out of names, but where two things of one folder would then have one name. */
export class NotionNames {
  /** By folder and stem: the only id, or null where there are several. */
  readonly #ids = new Map<string, string | null>();

  constructor(paths: PathTable) {
    for (const file of paths.sorted()) {
      const path = paths.at(file);
      for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
        this.#see(path.slice(0, end), end < path.length);
      }
    }
  }

  /** A path without the ids. */
  clean(path: string): string {
    let folder = '';
    const parts: string[] = [];
    for (const name of path.split('/')) {
      const { stem, id, end } = notionName(name);
      const isOnly = id !== undefined && this.#ids.get(keyOf(folder, stem)) === id;
      parts.push(isOnly ? stem + end : name);
      folder += `${name}/`;
    }
    return parts.join('/');
  }

  #see(path: string, isFolder: boolean): void {
    const slash = path.lastIndexOf('/') + 1;
    const { stem, id = '' } = notionName(path.slice(slash));
    // Folders have no id in some exports: they belong to the page of their name.
    if (isFolder && id === '') return;
    const key = keyOf(path.slice(0, slash), stem);
    const known = this.#ids.get(key);
    if (known === undefined) this.#ids.set(key, id);
    else if (known !== id) this.#ids.set(key, null);
  }
}

function keyOf(folder: string, stem: string): string {
  return `${folder}\0${stem.normalize('NFC').toLowerCase()}`;
}

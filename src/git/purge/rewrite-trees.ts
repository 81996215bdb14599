import { MODE_SUBMODULE } from '../doctor/doctor-objects.ts';
import type { Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';
import { joinPath } from '../object/paths.ts';
import type { Tree, TreeEdit } from '../tree/tree.ts';
import { isSelected, type Selection } from './selection.ts';

export interface TreeRewriterOptions {
  selection: Selection;
  /** Gets each tree that was made anew, once, children before their parents. */
  made(path: string, tree: Tree): Promise<void>;
}

/** Makes trees without what is selected; each is looked at once. */
export class TreeRewriter {
  /** Trees and files of all rewritten trees. */
  readonly seen = new Set<Oid>();
  readonly #options: TreeRewriterOptions;
  /** What trees became; of those above a selected path by both. */
  readonly #known = new Map<string, Oid | null>();
  readonly #above: ReadonlySet<string>;

  constructor(options: TreeRewriterOptions) {
    this.#options = options;
    this.#above = new Set([...options.selection.atPaths.keys()].flatMap(foldersAbove));
  }

  /** What the tree `oid` of a folder becomes; null: nothing is left in it. */
  async rewrite(oid: Oid, load: (oid: Oid) => Promise<Tree>, folder = ''): Promise<Oid | null> {
    const key = this.#above.has(folder) ? `${oid} ${folder}` : oid;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const tree = await load(oid);
    const edits = await this.#editsOf(tree, load, folder);
    const next = edits.length === 0 ? tree : tree.with(edits);
    const result = next.size === 0 && folder !== '' ? null : next.oid;
    if (result !== null) {
      this.seen.add(result);
      if (next !== tree) await this.#options.made(folder, next);
    }
    this.#known.set(key, result);
    return result;
  }

  async #editsOf(tree: Tree, load: (oid: Oid) => Promise<Tree>, folder: string): Promise<TreeEdit[]> {
    const edits: TreeEdit[] = [];
    for (const { name, mode, oid } of tree.entries()) {
      if (mode === MODE_SUBMODULE) continue;
      const path = joinPath(folder, name);
      if (mode === MODE_FOLDER) {
        const next = await this.rewrite(oid, load, path);
        if (next !== oid) edits.push({ name, mode, oid: next });
      } else if (isSelected(this.#options.selection, path, oid)) edits.push({ name, mode, oid: null });
      else this.seen.add(oid);
    }
    return edits;
  }
}

/** `a/b/c.md` → `''`, `a`, `a/b` */
function foldersAbove(path: string): string[] {
  const names = path.split('/');
  return names.map((_, depth) => names.slice(0, depth).join('/'));
}

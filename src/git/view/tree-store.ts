import { inflateSync } from 'node:zlib';
import { Lru } from '../../core/lru.ts';
import { objectMissing } from '../errors.ts';
import type { Layers } from '../layer/layers.ts';
import type { Journal } from '../ledger/journal.ts';
import type { PackRef } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';
import { Tree } from '../tree/tree.ts';
import type { PackStore } from './pack-store.ts';

const TREE_CACHE_BYTES = 64 << 20;

/** What a tree may be found in: one ledger's journal, the layers below it, and its packs. */
export interface TreeSource {
  journal: Journal;
  /** The maps. */
  lower: Layers;
  packs: readonly PackRef[];
}

/**
 * Trees by id. A tree that is not in the cache is rebuilt from the rows of its folder, which a cold process reads in one
 * round trip; where the rows tell of another tree (it is an older one), it is read from the packs.
 */
export class TreeStore {
  readonly #packs: PackStore;
  readonly #cache = new Lru<Oid, Tree>(TREE_CACHE_BYTES);

  constructor(packs: PackStore) {
    this.#packs = packs;
  }

  keep(tree: Tree): void {
    this.#cache.set(tree.oid, tree, tree.byteLength + 200);
  }

  /** From memory, when it is there. */
  peek(oid: Oid): Tree | undefined {
    return this.#cache.get(oid);
  }

  /**
   * The folders above `path`, the root first, whose trees are not in memory, as far as can be told from those that are.
   * `root` undefined: it is not known.
   */
  missingAbove(path: string, root: Oid | undefined): string[] {
    const names = path.split('/');
    let oid = root;
    for (let depth = 0; depth < names.length; depth += 1) {
      const tree = oid === undefined ? undefined : this.#cache.get(oid);
      if (!tree) return names.slice(depth).map((_, below) => names.slice(0, depth + below).join('/'));
      const entry = tree.get(names[depth] ?? '');
      if (entry?.mode !== MODE_FOLDER) return [];
      oid = entry.oid;
    }
    return [];
  }

  /**
   * The tree `oid`, which is that of `folder` in the newest commit when one is named.
   * @throws KittiwakeError `object_missing`
   */
  async load(oid: Oid, folder: string | undefined, source: TreeSource): Promise<Tree> {
    const known = this.#cache.get(oid);
    if (known) return known;
    const tree = (await this.find(oid, folder, source)) ?? undefined;
    if (!tree) throw objectMissing(oid);
    this.keep(tree);
    return tree;
  }

  async find(oid: Oid, folder: string | undefined, source: TreeSource): Promise<Tree | undefined> {
    const { journal, lower, packs } = source;
    const origin = journal.tree(oid);
    if (origin) {
      const anchored = fromAnchor(oid, origin, journal);
      return anchored ?? (await rebuild(oid, origin.folder, lower, journal, origin.at + 1));
    }
    const rebuilt = folder === undefined ? undefined : await rebuild(oid, folder, lower);
    if (rebuilt) return rebuilt;
    const object = await this.#packs.find(oid, packs);
    return object?.type === 'tree' ? Tree.parse(object.bytes) : undefined;
  }
}

/** The tree as the journal alone tells it. */
function fromAnchor(oid: Oid, { at, folder }: { at: number; folder: string }, journal: Journal) {
  const deflated = journal.anchor(folder, at + 1);
  if (!deflated) return undefined;
  const edits = journal
    .rows(folder, at + 1)
    .map(row =>
      row.kind === 'gone'
        ? { name: row.name, mode: 0, oid: null }
        : { name: row.name, mode: row.kind === 'file' ? row.mode : MODE_FOLDER, oid: row.oid },
    );
  const tree = Tree.parse(inflateSync(deflated)).with(edits);
  return tree.oid === oid ? tree : undefined;
}

async function rebuild(
  oid: Oid,
  folder: string,
  lower: Layers,
  journal?: Journal,
  before = 0,
): Promise<Tree | undefined> {
  const entries = new Map<string, { name: string; mode: number; oid: Oid }>();
  for (const row of await lower.rows(folder)) {
    if (row.kind === 'file') entries.set(row.name, row);
    else if (row.kind === 'folder')
      entries.set(row.name, { name: row.name, mode: MODE_FOLDER, oid: row.oid });
  }
  for (const row of journal?.rows(folder, before) ?? []) {
    if (row.kind === 'gone') entries.delete(row.name);
    else
      entries.set(row.name, {
        name: row.name,
        mode: row.kind === 'file' ? row.mode : MODE_FOLDER,
        oid: row.oid,
      });
  }
  if (entries.size === 0 && folder !== '') return undefined;
  const tree = Tree.from(entries.values());
  return tree.oid === oid ? tree : undefined;
}

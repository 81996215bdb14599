import { landingTooLarge } from '../../git/incoming/errors.ts';
import type { Oid } from '../../git/object/objects.ts';
import { diffTrees, type TreeChange } from '../../git/tree/tree-diff.ts';
import type { ConflictKind, PathConflict, Preference } from '../remote.ts';
import type { BothHistories } from './both-histories.ts';
import { clashWith } from './clashes.ts';
import { type Edits, mergeFile, type TreeFile } from './merge-file.ts';
import { renamesOf } from './renames.ts';

/** Entries of all folders that a merge reads: folders that hold one folder many times have any number of them. */
const MAX_ENTRIES = 5_000_000;

export interface TreeMerge {
  edits: Edits;
  conflicts: PathConflict[];
}

export interface MergedTrees {
  base: Oid | null;
  ours: Oid;
  theirs: Oid;
  /** Whose version stays where both cannot. */
  prefer: Preference;
}

/** Merges two trees that come from a third one, file by file: what cannot be merged is told, and one version of it stays. */
export async function mergeTrees(trees: MergedTrees, histories: BothHistories): Promise<TreeMerge> {
  let entries = 0;
  const load = async (oid: Oid) => {
    const tree = await histories.tree(oid);
    entries += 1 + tree.size;
    if (entries > MAX_ENTRIES)
      throw landingTooLarge(`more than ${MAX_ENTRIES} files and folders would have to be merged`);
    return tree;
  };
  const [ours, theirs] = [
    await diffTrees(trees.base, trees.ours, load),
    await diffTrees(trees.base, trees.theirs, load),
  ];
  const merge = new Merge(ours, theirs, trees, histories);
  for (const change of theirs) await merge.take(change);
  for (const [path, edit] of [...merge.edits])
    if (edit !== null && !merge.stands(path)) await merge.place(path);
  return { edits: merge.edits, conflicts: merge.conflicts };
}

class Merge {
  readonly edits: Edits = new Map();
  readonly conflicts: PathConflict[] = [];
  readonly #ours: ReadonlyMap<string, TreeChange>;
  readonly #trees: MergedTrees;
  readonly #histories: BothHistories;
  readonly #ourRenames: ReadonlyMap<string, string>;
  readonly #theirRenames: ReadonlyMap<string, string>;
  /** New names of theirs, with the old ones. */
  readonly #renamed: ReadonlyMap<string, string>;
  readonly #theirs: ReadonlyMap<string, TreeChange>;

  constructor(
    ours: readonly TreeChange[],
    theirs: readonly TreeChange[],
    trees: MergedTrees,
    histories: BothHistories,
  ) {
    this.#ours = byPath(ours);
    this.#theirs = byPath(theirs);
    this.#ourRenames = renamesOf(ours);
    this.#theirRenames = renamesOf(theirs);
    this.#renamed = new Map([...this.#theirRenames].map(([from, to]) => [to, from]));
    this.#trees = trees;
    this.#histories = histories;
  }

  /** Whether our tree has a file there. */
  stands(path: string): boolean {
    const change = this.#ours.get(path) ?? this.#theirs.get(path);
    return this.#ours.has(path) ? change?.after !== null : change?.before !== null;
  }

  /** One change of theirs. */
  async take({ path, before, after }: TreeChange): Promise<void> {
    const our = this.#ours.get(path);
    if (our === undefined) return this.#takeAlone(path, before, after);
    if (isSame(our.after, after)) return;
    if (before === null) return this.#differ('added', path, after);
    if (our.after === null && after !== null) return await this.#editOfMoved(path, before, after);
    if (our.after !== null && after === null)
      return await this.#moveOfEdited(path, { before, our: our.after });
    if (our.after !== null && after !== null) await this.#mergeAt(path, path, [before, our.after, after]);
  }

  #takeAlone(path: string, before: TreeFile | null, after: TreeFile | null): void {
    const from = before === null ? this.#renamed.get(path) : undefined;
    const moved = from === undefined ? undefined : this.#ours.get(from);
    // Done, or to be done, with what we made of the file under its old name.
    if (from !== undefined && moved?.after) return;
    const ourName = from === undefined ? undefined : this.#ourRenames.get(from);
    if (ourName === undefined || ourName === path) {
      this.edits.set(path, after);
      return;
    }
    this.#differ('renamed_twice', path, after, ourName);
    if (this.#trees.prefer === 'theirs') this.edits.set(ourName, null);
  }

  /** They have changed what is gone here, or has another name. */
  async #editOfMoved(path: string, before: TreeFile, after: TreeFile): Promise<void> {
    const to = this.#ourRenames.get(path);
    const here = to === undefined ? undefined : this.#ours.get(to)?.after;
    if (to === undefined || !here || this.#theirs.has(to)) this.#differ('deleted_here', path, after);
    else await this.#mergeAt(path, to, [before, here, after]);
  }

  /** We have changed what is gone there, or has another name. */
  async #moveOfEdited(path: string, { before, our }: { before: TreeFile; our: TreeFile }): Promise<void> {
    const to = this.#theirRenames.get(path);
    const there = to === undefined ? undefined : this.#theirs.get(to)?.after;
    if (to === undefined || !there || this.#ours.has(to)) return this.#differ('deleted_there', path, null);
    await this.#mergeAt(path, to, [before, our, there]);
    if (!this.edits.has(to)) this.edits.set(to, our);
    this.edits.set(path, null);
  }

  /** @param path whose file it was; `to` where it is to stand */
  async #mergeAt(
    path: string,
    to: string,
    [base, ours, theirs]: readonly [TreeFile, TreeFile, TreeFile],
  ): Promise<void> {
    const merged = await mergeFile(base, ours, theirs, this.#histories);
    if (merged.kind === 'clean') this.edits.set(to, merged.file);
    else this.#differ('edited', to, theirs, path === to ? undefined : path);
  }

  #differ(kind: ConflictKind, path: string, theirs: TreeFile | null, other?: string): void {
    this.conflicts.push({ path, kind, ...(other === undefined ? {} : { other }) });
    if (this.#trees.prefer === 'theirs') this.edits.set(path, theirs);
  }

  /** What is new here must not stand where something else does. */
  async place(path: string): Promise<void> {
    const clash = await clashWith(path, this.edits, this.#trees.ours, this.#histories);
    if (clash === undefined) return;
    this.conflicts.push({ path, ...clash });
    const isFileInTheWay = clash.kind === 'file_and_folder' && path.startsWith(`${clash.other}/`);
    if (this.#trees.prefer === 'theirs' && isFileInTheWay) {
      this.edits.set(clash.other, null);
      return;
    }
    this.edits.delete(path);
    const from = this.#renamed.get(path);
    // Else the file would be neither here nor there.
    if (from !== undefined && this.edits.get(from) === null) this.edits.delete(from);
  }
}

function byPath(changes: readonly TreeChange[]): ReadonlyMap<string, TreeChange> {
  return new Map(changes.map(change => [change.path, change]));
}

function isSame(a: TreeFile | null, b: TreeFile | null): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}

import type { LogRow } from '../layer/layer.ts';
import { type Commit, MODE_FOLDER, type Oid } from '../object/objects.ts';
import { comparePaths } from '../object/paths.ts';
import type { Touch } from '../repository.ts';
import type { Tree } from '../tree/tree.ts';
import type { TreeChange } from '../tree/tree-diff.ts';
import { diffTrees } from '../tree/tree-diff.ts';
import type { WalkedCommit } from './history-walk.ts';

/** Of a commit that only writes, and more files than these, the log tells the first. */
const MANY_CHANGES = 10_000;
export const TOLD_CHANGES = 1_000;

export interface AttributionSource {
  /** The new commits, newest first; the first is the new head. */
  commits: readonly WalkedCommit[];
  tree(oid: Oid): Promise<Tree>;
  /** The tree of a commit outside `commits`; null when it is unknown. */
  treeOf(commit: Oid): Promise<Oid | null>;
}

export interface Attribution {
  /** Oldest first. */
  log: LogRow[];
  /** Newest first. */
  touches: Map<string, Touch[]>;
  /** What the newest commit has at paths that were changed and changed back; null: nothing. */
  back: Map<string, TreeChange['after']>;
}

/**
 * Says which commit touched which file, line commit by line commit, so that a history in pieces tells the same as in one: each
 * commit of the main line is compared with its predecessor on it. What differs was touched by this commit, unless it came from a side
 * branch that it merges: then by the commits of that branch, which are followed as `git log -- path` does, to the first parent that has
 * the same content, as far as the branch is new.
 * @param net paths that the newest commit has otherwise than the base
 */
export async function attribute(source: AttributionSource, net: ReadonlySet<string>): Promise<Attribution> {
  const rows = new Map<Oid, LogRow>();
  const made: Attribution = { log: [], touches: new Map(), back: new Map() };
  const differ = new Differ(source);
  const sides = new Map<number, WalkedCommit[]>();
  for (const walked of source.commits) if (walked.ordinal < 0) pushTo(sides, walked.arrival, walked);
  for (const walked of source.commits) {
    if (walked.ordinal < 0) continue;
    const step = new LineStep(walked, sides.get(walked.ordinal) ?? [], differ);
    const { changes, found } = await step.attribute(rows);
    for (const [path, touches] of found) {
      for (const touch of touches) pushTo(made.touches, path, touch);
      const change = changes.get(path);
      if (change && !net.has(path) && !made.back.has(path)) made.back.set(path, change.after);
    }
  }
  made.log = source.commits.map(({ oid }) => rows.get(oid)).filter(row => row !== undefined);
  made.log.reverse();
  return made;
}

type Changes = ReadonlyMap<string, TreeChange>;

/** What commits changed against their parents. */
class Differ {
  readonly #source: AttributionSource;
  readonly #trees: ReadonlyMap<Oid, Oid>;

  constructor(source: AttributionSource) {
    this.#source = source;
    this.#trees = new Map(source.commits.map(({ oid, commit }) => [oid, commit.tree]));
  }

  /** Against each of `parents`; without any, against nothing. */
  async against(parents: readonly Oid[], { tree }: Commit): Promise<Changes[]> {
    const load = (oid: Oid) => this.#source.tree(oid);
    const old = parents.length === 0 ? [null] : await Promise.all(parents.map(oid => this.#treeOf(oid)));
    return await Promise.all(
      old.map(
        async each => new Map((await diffTrees(each, tree, load)).map(change => [change.path, change])),
      ),
    );
  }

  async #treeOf(commit: Oid): Promise<Oid | null> {
    return this.#trees.get(commit) ?? (await this.#source.treeOf(commit));
  }

  async holds(root: Oid, path: string): Promise<boolean> {
    const names = path.split('/');
    let oid = root;
    for (const [depth, name] of names.entries()) {
      const entry = (await this.#source.tree(oid)).get(name);
      if (depth === names.length - 1) return entry !== undefined && entry.mode !== MODE_FOLDER;
      if (entry?.mode !== MODE_FOLDER) return false;
      oid = entry.oid;
    }
    return false;
  }
}

/** One commit of the main line with the side branches that it brought. */
class LineStep {
  readonly #line: WalkedCommit;
  readonly #sides: ReadonlyMap<Oid, WalkedCommit>;
  readonly #differ: Differ;
  /** Paths that are followed, by the commit at which they have arrived. */
  readonly #live = new Map<Oid, Set<string>>();
  readonly #found = new Map<string, Touch[]>();

  constructor(line: WalkedCommit, sides: readonly WalkedCommit[], differ: Differ) {
    this.#line = line;
    this.#sides = new Map(sides.map(side => [side.oid, side]));
    this.#differ = differ;
  }

  /** @returns what differs from the predecessor, and the touches of each path, newest first */
  async attribute(rows: Map<Oid, LogRow>): Promise<{ changes: Changes; found: Map<string, Touch[]> }> {
    const { commit, oid, parent } = this.#line;
    const others = commit.parents.filter(each => each !== parent);
    const parents = parent === undefined ? [] : [parent, ...others];
    const diffs = await this.#differ.against(parents, commit);
    const changes = diffs[0] as Changes;
    const [aside, compared] = [parents.slice(1), diffs.slice(1)];
    const own = new Set([...changes.values()].filter(({ path }) => !this.#send(path, aside, compared)));
    for (const side of this.#sides.values()) rows.set(side.oid, await this.#attributeSide(side, changes));
    // What a branch has as it was before the branch began: the merge brought it.
    for (const change of changes.values()) if (!this.#found.has(change.path)) own.add(change);
    for (const { path, after } of own)
      this.#found.set(path, [this.#touch(this.#line, after), ...(this.#found.get(path) ?? [])]);
    rows.set(oid, toLogRow(this.#line, [...own]));
    return { changes, found: this.#found };
  }

  async #attributeSide(side: WalkedCommit, changes: Changes): Promise<LogRow> {
    const { commit, oid } = side;
    const diffs = await this.#differ.against(commit.parents, commit);
    const [first, ...others] = diffs as [Changes, ...Changes[]];
    const changed = [...first.values()].filter(({ path }) => others.every(other => other.has(path)));
    const here = this.#live.get(oid) ?? new Set<string>();
    this.#live.delete(oid);
    for (const { path, after } of changed) {
      if (!here.has(path)) {
        // It ends here: removed for good, and nobody follows it yet.
        if (after !== null || changes.has(path)) continue;
        if (await this.#differ.holds(this.#line.commit.tree, path)) continue;
        here.add(path);
      }
      pushTo(this.#found, path, this.#touch(side, after));
    }
    for (const path of here)
      if (!this.#send(path, commit.parents, diffs) && !diffs.some(diff => !diff.has(path)))
        this.#follow(commit.parents[0], path);
    return toLogRow(side, changed);
  }

  /** Follows a path on to the first parent that has the same. False when none has, or not within the new branches. */
  #send(path: string, parents: readonly Oid[], diffs: readonly Changes[]): boolean {
    const same = diffs.findIndex(diff => !diff.has(path));
    return same >= 0 && this.#follow(parents[same], path);
  }

  #follow(oid: Oid | undefined, path: string): boolean {
    if (oid === undefined || !this.#sides.has(oid)) return false;
    const paths = this.#live.get(oid);
    if (paths) paths.add(path);
    else this.#live.set(oid, new Set([path]));
    return true;
  }

  #touch({ oid, ordinal }: WalkedCommit, after: TreeChange['after']): Touch {
    return { commit: oid, ordinal, oid: after?.oid ?? null };
  }
}

function toLogRow({ oid, ordinal, bytes }: WalkedCommit, changed: readonly TreeChange[]): LogRow {
  const changes = changed
    .map(({ path, before, after }) => ({ path, oid: after?.oid ?? null, before: before?.oid ?? null }))
    .sort((a, b) => comparePaths(a.path, b.path));
  const isWhole = changes.length <= MANY_CHANGES || changed.some(({ after }) => after === null);
  if (isWhole) return { oid, ordinal, bytes, changes };
  const told = changes.slice(0, TOLD_CHANGES);
  return { oid, ordinal, bytes, changes: told, omitted: changes.length - told.length };
}

function pushTo<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

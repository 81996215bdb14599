import { objectReader, readCommit } from '../doctor/doctor-objects.ts';
import { walkHistory } from '../history/history-walk.ts';
import { precedesBy } from '../history/line-parent.ts';
import { MAIN_REF } from '../ledger/ledger.ts';
import { decodeTag, hashObject } from '../object/object-codec.ts';
import type { GitObject, Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { Tree } from '../tree/tree.ts';
import type { LedgerView } from '../view/view.ts';
import type { NewPacks } from './new-packs.ts';
import { rewriteCommit, rewriteTag } from './rewrite-commit.ts';
import { TreeRewriter } from './rewrite-trees.ts';
import type { Selection } from './selection.ts';

type ReadObject = (oid: Oid) => Promise<GitObject>;

/** Makes the commits of a history without what is selected, and goes on from there when others have come. */
export class HistoryRewriter {
  readonly #repository: LedgerRepository;
  readonly #selection: Selection;
  readonly #packs: NewPacks;
  readonly #trees: TreeRewriter;
  readonly #commits = new Map<Oid, Oid>();
  /** Commits and tags of the new history. */
  readonly #seen = new Set<Oid>();

  constructor(repository: LedgerRepository, selection: Selection, packs: NewPacks) {
    this.#repository = repository;
    this.#selection = selection;
    this.#packs = packs;
    this.#trees = new TreeRewriter({ selection, made: (path, tree) => packs.addTree(path, tree) });
  }

  /** All objects of the new history. */
  get seen(): Set<Oid> {
    return this.#trees.seen.union(this.#seen);
  }

  /** Commits that became others, by their old ids. */
  get replaced(): Map<Oid, Oid> {
    return new Map([...this.#commits].filter(([before, after]) => before !== after));
  }

  /** Whether what two commits of the new history were follow each other on the main line of `view`. */
  precedes(view: LedgerView): (parent: Oid, child: Oid) => Promise<boolean> {
    const old = new Map([...this.#commits].map(([before, after]) => [after, before]));
    return precedesBy(oid => view.layers.commit(old.get(oid) ?? oid));
  }

  /** What the refs become. A ref to what is selected is left out. */
  async rewrite(view: LedgerView): Promise<Record<string, Oid>> {
    const object = objectReader(this.#repository, view);
    const refs: Record<string, Oid> = {};
    for (const [name, oid] of mainFirst(view.ledger.refs)) {
      const next = await this.#rewriteTarget(oid, object);
      if (next !== undefined) refs[name] = next;
    }
    return refs;
  }

  async #rewriteTarget(oid: Oid, object: ReadObject): Promise<Oid | undefined> {
    const known = this.#commits.get(oid);
    if (known !== undefined) return known;
    if (this.#selection.blobs.has(oid)) return undefined;
    const { type, bytes } = await object(oid);
    if (type === 'commit') return await this.#rewriteCommits(oid, object);
    if (type === 'tag') return await this.#rewriteTag(oid, bytes, object);
    if (type === 'tree') return (await this.#trees.rewrite(oid, loader(object))) ?? undefined;
    this.#seen.add(oid);
    return oid;
  }

  async #rewriteTag(oid: Oid, bytes: Buffer, object: ReadObject): Promise<Oid | undefined> {
    const { target } = decodeTag(bytes);
    const next = await this.#rewriteTarget(target, object);
    if (next === undefined) return undefined;
    return await this.#keep('tag', oid, bytes, next === target ? bytes : rewriteTag(bytes, next));
  }

  /** Trees newest first, as deltas go; then the commits, each after its parents. */
  async #rewriteCommits(head: Oid, object: ReadObject): Promise<Oid> {
    const commits = await walkHistory({
      head,
      firstOrdinal: 0,
      read: async oid => (this.#commits.has(oid) ? undefined : readCommit(oid, object)),
    });
    const trees = new Map<Oid, Oid>();
    const load = loader(object);
    for (const { commit } of commits)
      trees.set(commit.tree, (await this.#trees.rewrite(commit.tree, load)) ?? commit.tree);
    for (const { oid, bytes, commit } of commits.toReversed()) {
      const tree = trees.get(commit.tree) ?? commit.tree;
      const next = rewriteCommit(bytes, tree, parent => this.#commits.get(parent) ?? parent);
      this.#commits.set(oid, await this.#keep('commit', oid, bytes, next));
    }
    return this.#commits.get(head) ?? head;
  }

  async #keep(type: 'commit' | 'tag', oid: Oid, before: Buffer, after: Buffer): Promise<Oid> {
    const next = before === after ? oid : hashObject(type, after);
    this.#seen.add(next);
    if (next !== oid) await this.#packs.add(type, next, after);
    return next;
  }
}

/** Commits that the main line holds are taken from there. */
function mainFirst(refs: Readonly<Record<string, Oid>>): [string, Oid][] {
  return Object.entries(refs).sort(([a], [b]) => Number(b === MAIN_REF) - Number(a === MAIN_REF));
}

function loader(object: ReadObject): (oid: Oid) => Promise<Tree> {
  return async oid => Tree.parse((await object(oid)).bytes);
}

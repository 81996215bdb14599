import { isKittiwakeError } from '../../core/errors.ts';
import { objectReader } from '../doctor/doctor-objects.ts';
import { objectMissing } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { headOf, MAIN_REF } from '../ledger/ledger.ts';
import { decodeCommit, decodeTag } from '../object/object-codec.ts';
import type { GitObject, Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';
import { OidSet } from '../object/oid-set.ts';
import type { LedgerRepository } from '../open.ts';
import { decodeGone } from '../purge/gone-list.ts';
import { Tree } from '../tree/tree.ts';
import type { LedgerView } from '../view/view.ts';
import { refMoved } from './errors.ts';

/** The objects of one version of a wiki, and which of them its refs reach. What is stored but not reached does not count. */
export class WikiObjects {
  readonly repository: LedgerRepository;
  readonly view: LedgerView;
  readonly #read: (oid: Oid) => Promise<GitObject>;
  #side: Promise<Set<Oid>> | undefined;
  #newest: Promise<OidSet> | undefined;
  #blobs: Promise<OidSet> | undefined;
  #gone: Promise<ReadonlyMap<Oid, Oid>> | undefined;

  constructor(repository: LedgerRepository, view: LedgerView) {
    this.repository = repository;
    this.view = view;
    this.#read = objectReader(repository, view);
  }

  /** Of what is stored, checked against its id; undefined when it is not there. */
  async find(oid: Oid): Promise<GitObject | undefined> {
    try {
      return await this.#read(oid);
    } catch (error) {
      if (isKittiwakeError(error, 'object_missing')) return undefined;
      throw error;
    }
  }

  /** True for a commit that the main line reaches. */
  async holdsCommit(oid: Oid): Promise<boolean> {
    return (await this.view.layers.findCommit(oid)) !== undefined;
  }

  /** True for a commit or tag that any ref reaches. */
  async reaches(oid: Oid): Promise<boolean> {
    if (await this.holdsCommit(oid)) return true;
    return (await this.#aside()).has(oid);
  }

  /** Commits and tags that other refs reach and the main line does not. */
  #aside(): Promise<Set<Oid>> {
    this.#side ??= this.#reachedAside();
    return this.#side;
  }

  /** True for a commit that a purge has replaced. */
  async isGone(oid: Oid): Promise<boolean> {
    const { gone } = this.view.ledger;
    if (gone === undefined) return false;
    this.#gone ??= this.repository.packs.read(gone.name, 'gone', 0, gone.bytes).then(decodeGone);
    return (await this.#gone).has(oid);
  }

  /**
   * Refuses a later version that does not go on from this one, as after a purge, or from which a ref went that something was found
   * by: what was there may be dropped.
   * @throws KittiwakeError `ref_moved`
   */
  async refuseLost(later: Ledger): Promise<void> {
    const { head } = this.view;
    const { oid: now } = headOf(later);
    const isKnown =
      head === undefined ||
      head === now ||
      (await this.repository.viewOf(later).layers.findCommit(head)) !== undefined;
    if (!isKnown) throw refMoved(MAIN_REF, now, head);
    if (this.#side === undefined) return;
    for (const [ref, oid] of Object.entries(this.view.ledger.refs))
      if (ref !== MAIN_REF && later.refs[ref] !== oid) throw refMoved(ref, later.refs[ref], oid);
  }

  async #reachedAside(): Promise<Set<Oid>> {
    const seen = new Set<Oid>();
    const queue = Object.entries(this.view.ledger.refs).flatMap(([ref, oid]) =>
      ref === MAIN_REF ? [] : [oid],
    );
    for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
      if (seen.has(oid) || (await this.holdsCommit(oid))) continue;
      seen.add(oid);
      const { type, bytes } = await this.#read(oid);
      if (type === 'commit') queue.push(...decodeCommit(bytes).parents);
      if (type === 'tag') queue.push(decodeTag(bytes).target);
    }
    return seen;
  }

  /** True for a blob that some commit holds, at `path` or anywhere. Where it is not at that path, the whole log is read, once. */
  async reachesBlob(oid: Oid, path?: string): Promise<boolean> {
    if (path !== undefined) {
      if ((await this.view.file(path))?.oid === oid) return true;
      for await (const touch of this.view.touches(path)) if (touch.oid === oid) return true;
    }
    this.#newest ??= this.#newestBlobs();
    if ((await this.#newest).has(oid)) return true;
    this.#blobs ??= this.#reachedBlobs();
    return (await this.#blobs).has(oid);
  }

  async #newestBlobs(): Promise<OidSet> {
    const found = new OidSet();
    if (this.view.head === undefined) return found;
    for (const file of await this.view.files('')) found.add(file.oid);
    return found;
  }

  async #reachedBlobs(): Promise<OidSet> {
    const found = new OidSet();
    for await (const { commit, changes, omitted } of this.view.log()) {
      for (const { oid, before } of changes) {
        if (oid !== null) found.add(oid);
        if (before !== null) found.add(before);
      }
      if (omitted !== undefined) await this.#addTree(commit.tree, found);
    }
    const seen = new OidSet();
    for (const oid of await this.#aside()) {
      const { type, bytes } = await this.#read(oid);
      if (type === 'commit') await this.#addTree(decodeCommit(bytes).tree, found, seen);
    }
    return found;
  }

  async #addTree(root: Oid, into: OidSet, seen = new OidSet()): Promise<void> {
    for (const queue = [root]; queue.length > 0; ) {
      const oid = queue.pop() as Oid;
      if (!seen.add(oid)) continue;
      for (const entry of (await this.tree(oid)).entries())
        if (entry.mode === MODE_FOLDER) queue.push(entry.oid);
        else into.add(entry.oid);
    }
  }

  /** @param folder where it stands in the newest commit, if it does @throws KittiwakeError `object_missing` */
  async tree(oid: Oid, folder?: string): Promise<Tree> {
    if (oid === Tree.empty.oid) return Tree.empty;
    const { trees } = this.repository;
    const found = trees.peek(oid) ?? (await trees.find(oid, folder, this.view.treeSource));
    if (found === undefined) throw objectMissing(oid);
    trees.keep(found);
    return found;
  }

  /** The tree of a commit that a ref reaches. @throws KittiwakeError `object_missing` */
  async treeOf(commit: Oid): Promise<Oid> {
    const known = await this.view.commit(commit);
    return known?.tree ?? decodeCommit((await this.#read(commit)).bytes).tree;
  }

  /** Bytes of an object. @throws KittiwakeError `object_missing` */
  async size(oid: Oid): Promise<number> {
    const { journal, packs } = this.view.ledger;
    return journal.blob(oid)?.size ?? (await this.repository.packs.size(oid, packs));
  }
}

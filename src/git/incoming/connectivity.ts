import { objectCorrupt, objectMissing } from '../errors.ts';
import { refusalOf, SUBMODULE } from '../foreign/entry-check.ts';
import { encodeName } from '../object/entry-name.ts';
import { decodeCommit, decodeTag } from '../object/object-codec.ts';
import { type Commit, MODE_FOLDER, type ObjectType, type Oid } from '../object/objects.ts';
import { OidSet } from '../object/oid-set.ts';
import { joinPath } from '../object/paths.ts';
import type { FolderEntry } from '../repository.ts';
import { Tree } from '../tree/tree.ts';
import { differingEntries } from '../tree/tree-difference.ts';
import { entryKey } from '../tree/tree-entry.ts';
import { commitPurged, entryRefused, landingTooLarge } from './errors.ts';
import { checkCommitText, checkTagText } from './fsck-text.ts';
import type { IncomingObjects } from './incoming-objects.ts';
import { isSubmoduleFile, submoduleFileRefusal } from './submodule-file.ts';
import type { WikiObjects } from './wiki-objects.ts';

/** Of all commits that come, as they are held. */
const MAX_COMMIT_BYTES = 256 << 20;
/** What a commit takes besides its bytes. */
const COMMIT_BYTES = 1_000;
/** Files and folders that commits set, each and all of them: folders that hold one folder many times make any number of few bytes. */
const MAX_FILES = 500_000;
const MAX_ALL_FILES = 2_000_000;
/** Of a file that names submodules. */
const MAX_SUBMODULE_BYTES = 1 << 20;
/** As long as most systems take it. */
const MAX_PATH = 4_096;

export interface ReadCommit {
  bytes: Buffer;
  commit: Commit;
}

/**
 * Follows what refs would name through the objects that came, as far as the wiki's own, and makes sure that all of it is
 * there and well-formed. In memory: the commits, and about 35 bytes for each other object.
 */
export class Connectivity {
  readonly #incoming: IncomingObjects;
  readonly #wiki: WikiObjects;
  readonly #signal: AbortSignal | undefined;
  /** Commits that the main line does not reach yet. */
  readonly commits = new Map<Oid, ReadCommit>();
  /** All that has to be stored: came and is reached. */
  readonly wanted = new OidSet();
  /** Trees of the wiki that no present commit may reach, and those that come do. */
  readonly borrowed = new OidSet();
  readonly #checked = new OidSet();
  /** And folders, in trees that stand where there was none. */
  readonly #filesIn = new Map<Oid, number>();
  #commitBytes = 0;
  /** Of the trees that new ones follow. */
  readonly #reached = new OidSet();

  constructor(incoming: IncomingObjects, wiki: WikiObjects, signal?: AbortSignal | undefined) {
    this.#incoming = incoming;
    this.#wiki = wiki;
    this.#signal = signal;
  }

  /**
   * @returns what kind of object it is
   * @throws KittiwakeError `object_missing`, `object_corrupt`, `entry_refused`, `revision_purged`; what the signal is aborted with
   */
  async follow(oid: Oid): Promise<ObjectType> {
    if (await this.#wiki.holdsCommit(oid)) return 'commit';
    const type = this.#incoming.typeOf(oid);
    if (type === 'tag') {
      if (this.wanted.add(oid)) await this.#followTag(oid);
    } else if (type === 'commit') await this.#followCommits(oid);
    else if (type !== undefined) throw objectMissing(oid, `it is a ${type}, and a ref names commits or tags`);
    else return await this.#followAside(oid);
    return type;
  }

  /** What another ref reaches. */
  async #followAside(oid: Oid): Promise<ObjectType> {
    const found = (await this.#wiki.reaches(oid)) ? await this.#wiki.find(oid) : undefined;
    if (!found) throw objectMissing(oid, 'it did not come, and no ref reaches it');
    if (found.type === 'commit') await this.#followCommits(oid);
    return found.type;
  }

  async #followTag(oid: Oid): Promise<void> {
    const { bytes } = this.#incoming.object(oid);
    checkTagText(oid, bytes);
    const { target, targetType } = decodeTag(bytes);
    const type = await this.follow(target);
    if (type !== targetType)
      throw objectCorrupt(`tag ${oid}`, `it names a ${targetType}, which is a ${type}`);
  }

  async #followCommits(head: Oid): Promise<void> {
    for (const queue = [head]; queue.length > 0; ) {
      this.#signal?.throwIfAborted();
      const oid = queue.pop() as Oid;
      if (this.commits.has(oid) || (await this.#wiki.holdsCommit(oid))) continue;
      if (this.#incoming.typeOf(oid) === 'commit') {
        if (await this.#wiki.isGone(oid)) throw commitPurged(oid);
        const { bytes } = this.#incoming.object(oid);
        checkCommitText(oid, bytes);
        this.#commitBytes += bytes.length + COMMIT_BYTES;
        if (this.#commitBytes > MAX_COMMIT_BYTES)
          throw landingTooLarge(
            `they have more than ${MAX_COMMIT_BYTES} bytes themselves, push them in parts`,
          );
        this.wanted.add(oid);
        this.commits.set(oid, { bytes, commit: decodeCommit(bytes) });
      } else this.commits.set(oid, await this.#aside(oid));
      queue.push(...(this.commits.get(oid) as ReadCommit).commit.parents);
    }
  }

  /** A commit of another ref: all that it leads to is stored. */
  async #aside(oid: Oid): Promise<ReadCommit> {
    const found = (await this.#wiki.reaches(oid)) ? await this.#wiki.find(oid) : undefined;
    if (found?.type !== 'commit') throw objectMissing(oid, 'it did not come, and no ref reaches it');
    return { bytes: found.bytes, commit: decodeCommit(found.bytes) };
  }

  /** Checks the trees of all commits that were followed, each against those of its parents. */
  async checkTrees(): Promise<void> {
    let all = 0;
    for (const [oid, { commit }] of [...this.commits].reverse()) {
      this.#signal?.throwIfAborted();
      if (!this.wanted.has(oid)) continue;
      const parents = await Promise.all(commit.parents.map(parent => this.treeOf(parent)));
      const files = await this.#checkTree(commit.tree, { commit: oid, path: '' }, parents);
      all += files;
      if (files > MAX_FILES)
        throw landingTooLarge(`commit ${oid} sets more than ${MAX_FILES} files and folders`);
      if (all > MAX_ALL_FILES)
        throw landingTooLarge(`they set more than ${MAX_ALL_FILES} files and folders, push them in parts`);
    }
    for (const base of this.#incoming.external()) await this.#checkBase(base);
  }

  /** Of a commit that came or that the wiki has. */
  async treeOf(commit: Oid): Promise<Oid> {
    return this.commits.get(commit)?.commit.tree ?? (await this.#wiki.treeOf(commit));
  }

  /** A tree that came, or of the wiki. @param folder where it stands in the newest commit, if it does */
  async tree(oid: Oid, folder?: string): Promise<Tree> {
    if (this.#incoming.typeOf(oid) === 'tree') return Tree.parse(this.#incoming.object(oid).bytes);
    return await this.#wiki.tree(oid, folder);
  }

  /** @returns how many files and folders it has that none of the known ones has there, about */
  async #checkTree(oid: Oid, at: { commit: Oid; path: string }, known: readonly Oid[]): Promise<number> {
    if (known.includes(oid)) return 0;
    const counted = known.length === 0 ? this.#filesIn.get(oid) : undefined;
    if (counted !== undefined) return counted;
    this.#checked.add(oid);
    let files = 0;
    const tree = await this.#newTree(oid, at);
    const olds = await Promise.all(known.map(each => this.tree(each, at.path)));
    for (const entry of this.#changedEntries(tree, olds)) {
      const before = olds.map(old => old.get(entry.name));
      if (before.some(each => each?.oid === entry.oid && each.mode === entry.mode)) continue;
      const path = joinPath(at.path, entry.name);
      this.#checkName(entry, tree, { ...at, path });
      if (entry.mode === MODE_FOLDER) {
        const folders = before.flatMap(each => (each?.mode === MODE_FOLDER ? [each.oid] : []));
        files += 1 + (await this.#checkTree(entry.oid, { ...at, path }, folders));
      } else {
        files += 1;
        if (entry.mode !== SUBMODULE) await this.#checkBlob(entry.oid, path);
        if (isSubmoduleFile(entry.name)) await this.#checkSubmodules(entry, { ...at, path });
      }
    }
    if (known.length === 0) this.#filesIn.set(oid, files);
    return files;
  }

  /** Those that are not in the first of the old trees, some that are among them. What these had there is reached. */
  #changedEntries(tree: Tree, [first]: readonly Tree[]): Iterable<FolderEntry> {
    if (first === undefined) return tree.entries();
    const { old, now } = differingEntries(first, tree);
    for (const { oid } of old) this.#reached.add(oid);
    return now;
  }

  /** What came, or what the wiki has: all that the latter names is checked, too, so that it need not be reached. */
  async #newTree(oid: Oid, { path }: { path: string }): Promise<Tree> {
    const type = this.#incoming.typeOf(oid);
    if (type === undefined) {
      this.borrowed.add(oid);
      return await this.#wiki.tree(oid, path);
    }
    if (type !== 'tree') throw objectMissing(oid, `it is a ${type}, not a tree`);
    this.wanted.add(oid);
    const { bytes } = this.#incoming.object(oid);
    checkModes(oid, bytes);
    return Tree.parse(bytes);
  }

  #checkName({ name, mode }: FolderEntry, tree: Tree, { commit, path }: { commit: Oid; path: string }): void {
    if (path.length > MAX_PATH)
      throw entryRefused(commit, `${path.slice(0, 100)}…`, `its path has more than ${MAX_PATH} characters`);
    const why = refusalOf(name, mode);
    if (why !== undefined) throw entryRefused(commit, path, why);
    const isTwice = tree.span(entryKey(encodeName(name), mode !== MODE_FOLDER)).bytes.length > 0;
    if (isTwice) throw entryRefused(commit, path, 'its name stands twice in one folder');
  }

  async #checkBlob(oid: Oid, path: string): Promise<void> {
    const type = this.#incoming.typeOf(oid);
    if (type === 'blob') this.wanted.add(oid);
    else if (type !== undefined) throw objectMissing(oid, `it is a ${type}, not a blob`);
    else if (!this.#checked.has(oid) && !(await this.#wiki.reachesBlob(oid, path)))
      throw objectMissing(oid, 'it did not come, and no commit of the wiki holds it');
    else this.#checked.add(oid);
  }

  async #checkSubmodules({ oid, mode }: FolderEntry, at: { commit: Oid; path: string }): Promise<void> {
    const isHere = this.#incoming.typeOf(oid) !== undefined;
    const size = isHere ? this.#incoming.size(oid) : 0;
    const isOdd = mode === SUBMODULE || (size ?? 0) > MAX_SUBMODULE_BYTES;
    const found = isOdd ? undefined : isHere ? this.#incoming.object(oid) : await this.#wiki.find(oid);
    const why = found ? submoduleFileRefusal(found.bytes) : 'it is no small file';
    if (why !== undefined) throw entryRefused(at.commit, at.path, why);
  }

  /** Who builds on a content that nothing reaches must not learn it. */
  async #checkBase(oid: Oid): Promise<void> {
    if (this.#reached.has(oid) || this.#checked.has(oid)) return;
    if ((await this.#wiki.find(oid))?.type !== 'blob') return;
    if (!(await this.#wiki.reachesBlob(oid)))
      throw objectMissing(oid, 'a delta builds on it, and no commit of the wiki holds it');
  }
}

/** Git writes modes without zeros in front; a tree with them has another id than ours would. */
function checkModes(oid: Oid, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at = bytes.indexOf(0, at) + 21) {
    if (bytes[at] === 0x30) throw objectCorrupt(`tree ${oid}`, 'a mode in it begins with 0');
    if (bytes.indexOf(0, at) < 0) return;
  }
}

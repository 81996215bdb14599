import { INLINE_BYTES } from '../commit/large-blobs.ts';
import { SUBMODULE } from '../foreign/entry-check.ts';
import type { WalkedCommit } from '../history/history-walk.ts';
import type { FileChange, JournalBlob, JournalCommit } from '../ledger/journal-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { MAIN_REF } from '../ledger/ledger.ts';
import { deflateFast } from '../object/deflate.ts';
import type { Oid } from '../object/objects.ts';
import { comparePaths } from '../object/paths.ts';
import { Tree } from '../tree/tree.ts';
import type { TreeChange } from '../tree/tree-diff.ts';
import { diffTrees } from '../tree/tree-diff.ts';
import { clampedSeconds, type LandingWay } from './landing-intent.ts';
import type { LandingPlan } from './landing-plan.ts';

/** What is more goes into packs: it would only be flushed at once. */
const MAX_COMMITS = 64;
const MAX_BYTES = 256 << 10;
/** Deflating what is smaller gains nothing. */
const RAW_BYTES = 256;

/**
 * Few small commits in a row, as entries of the journal: nothing is stored but the ledger, as for any write. Undefined: they are not
 * of this kind.
 */
export async function journalWay(plan: LandingPlan): Promise<LandingWay | undefined> {
  const { commits, wiki, updates, options } = plan;
  const isRow = commits.every(({ commit, ordinal }) => commit.parents.length === 1 && ordinal >= 0);
  if (commits.length === 0 || commits.length > MAX_COMMITS || !isRow || updates.length > 1) return undefined;
  const made = await new Entries(plan).make();
  if (made === undefined) return undefined;
  const { repository } = options;
  const before = wiki.view.pages;
  const [newest] = commits;
  return {
    packs: [],
    async onto(current): Promise<Ledger> {
      let { journal } = current;
      for (const { entry, author } of made.entries) journal = journal.append({ commit: entry }, author);
      return {
        ...current,
        journal,
        refs: { ...current.refs, [MAIN_REF]: newest?.oid as Oid },
        headSeconds: clampedSeconds(current, newest?.commit.committer.seconds ?? 0, repository.runtime.now()),
        pages: before === undefined || !repository.isPage ? undefined : before + made.addedPages,
      };
    },
  };
}

/** The commits as a writer of ours would have formatted them. */
class Entries {
  readonly #plan: LandingPlan;
  readonly #known = new Set<Oid>();
  #bytes = 0;
  #addedPages = 0;

  constructor(plan: LandingPlan) {
    this.#plan = plan;
  }

  async make() {
    const entries: { entry: JournalCommit; author: WalkedCommit['commit']['author'] }[] = [];
    for (const walked of this.#plan.commits.toReversed()) {
      const entry = await this.#entry(walked);
      if (entry === undefined) return undefined;
      entries.push({ entry, author: walked.commit.author });
    }
    return { entries, addedPages: this.#addedPages };
  }

  async #entry({ oid, bytes, commit, parent }: WalkedCommit): Promise<JournalCommit | undefined> {
    const { reached, options } = this.#plan;
    const folders: { path: string; oid: Oid | null }[] = [];
    const load = async (tree: Oid, folder: string) => {
      const loaded = await reached.tree(tree, folder);
      options.repository.trees.keep(loaded);
      return loaded;
    };
    const before = await reached.treeOf(parent as Oid);
    const changes = await diffTrees(before, commit.tree, load, (path, tree) =>
      folders.push({ path, oid: tree }),
    );
    // The journal has no rows by which it could tell an empty folder.
    if (folders.some(folder => folder.path !== '' && folder.oid === Tree.empty.oid)) return undefined;
    this.#bytes += bytes.length + 64 * changes.length;
    const blobs: JournalBlob[] = [];
    for (const { after } of changes) {
      const blob = after && this.#isNew(after) ? await this.#blob(after.oid) : undefined;
      if (blob === 'large' || this.#bytes > MAX_BYTES) return undefined;
      if (blob) blobs.push(blob);
    }
    const files: FileChange[] = [];
    for (const change of changes.sort((a, b) => comparePaths(a.path, b.path)))
      files.push(await this.#file(change));
    return { oid, bytes, files, folders, blobs };
  }

  #isNew({ oid, mode }: { oid: Oid; mode: number }): boolean {
    if (mode === SUBMODULE || this.#known.has(oid)) return false;
    this.#known.add(oid);
    return this.#plan.options.objects.typeOf(oid) === 'blob';
  }

  async #blob(oid: Oid): Promise<JournalBlob | 'large'> {
    const { objects, repository } = this.#plan.options;
    const size = objects.size(oid) ?? 0;
    if (size > MAX_BYTES) return 'large';
    const { bytes } = objects.object(oid);
    const packed = objects.packed(oid);
    const deflated = packed?.base === undefined ? packed?.deflated : undefined;
    const zlib = size < RAW_BYTES ? undefined : (deflated ?? deflateFast(bytes));
    const kept = zlib !== undefined && zlib.length < size ? zlib : bytes;
    if (kept.length > INLINE_BYTES) return 'large';
    this.#bytes += kept.length;
    repository.packs.keep(oid, { type: 'blob', bytes });
    return { oid, size, encoding: kept === zlib ? 'zlib' : 'raw', bytes: kept };
  }

  async #file({ path, before, after }: TreeChange): Promise<FileChange> {
    const { objects, repository } = this.#plan.options;
    if (repository.isPage?.(path)) this.#addedPages += Number(after !== null) - Number(before !== null);
    if (after === null) return { path, oid: null, mode: 0, size: 0 };
    const { oid, mode } = after;
    if (mode === SUBMODULE) return { path, oid, mode, size: 0 };
    return { path, oid, mode, size: objects.size(oid) ?? (await this.#plan.wiki.size(oid)) };
  }
}

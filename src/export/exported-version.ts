import { isKittiwakeError } from '../core/errors.ts';
import { monotonicMs } from '../core/runtime.ts';
import type { OpenBlob } from '../git/large/large.ts';
import type { Oid } from '../git/object/objects.ts';
import type { CommitInfo, FileFacts, TreeReader, View } from '../git/repository.ts';
import type { Views } from '../wiki/bound/bound-repository.ts';
import { commitNotFound } from '../wiki/errors.ts';
import { type WalkedFile, walkFiles } from './walk-files.ts';

const LINK = 0o120000;
const SUBMODULE = 0o160000;
/** So often the newest state is looked up again: packs are merged meanwhile, and rights taken away. */
const FRESH_MS = 30_000;

/** What an export is of: one commit as one caller may read it, however long it takes. */
export class ExportedVersion {
  readonly #views: Views;
  /** Undefined: the wiki has no commit. */
  readonly commit: CommitInfo | undefined;
  #view: View;
  #tree: TreeReader;
  #seenMs = monotonicMs();

  private constructor(views: Views, view: View, commit: CommitInfo | undefined, tree: TreeReader) {
    this.#views = views;
    this.#view = view;
    this.#tree = tree;
    this.commit = commit;
  }

  /**
   * @param at a commit of the wiki, 40 hex digits. Default: the newest
   * @throws KittiwakeError `commit_not_found`
   */
  static async open(views: Views, at?: Oid): Promise<ExportedVersion> {
    const view = await views.view({ maxAgeMs: 0 });
    const oid = at ?? view.head;
    const commit = oid === undefined ? undefined : await view.commit(oid);
    if (at !== undefined && commit === undefined) throw commitNotFound(at);
    return new ExportedVersion(views, view, commit, commit ? await view.at(commit.oid) : view);
  }

  /**
   * Files in the order of their paths. Without links, which could lead out of a folder, and submodules, which have no content here.
   * @param left told of those
   */
  async *files(
    options: { prefix?: string | undefined; after?: string | undefined },
    left: (file: WalkedFile) => void = () => {},
  ): AsyncGenerator<WalkedFile> {
    if (this.commit === undefined) return;
    const folder = (path: string) => this.#again(() => this.#tree.folder(path));
    for await (const file of walkFiles({ ...options, folder })) {
      if (file.mode === LINK || file.mode === SUBMODULE) left(file);
      else yield file;
    }
  }

  /** @throws KittiwakeError `object_missing` */
  open(file: WalkedFile): Promise<OpenBlob> {
    return this.#again(async () => {
      // What tells where a file lies saves looking into the indexes of all packs.
      if (this.commit?.oid === this.#view.head) await this.#view.file(file.path);
      return await this.#view.openBlob(file.oid);
    });
  }

  /** Where a file last changed, as of the exported commit. */
  async lastChange(file: WalkedFile): Promise<Pick<FileFacts, 'commit'> | undefined> {
    return await this.#again(async () => {
      if (this.commit?.oid === this.#view.head) return await this.#view.file(file.path);
      for await (const { commit, ordinal, oid } of this.#view.touches(file.path))
        if (oid === file.oid && ordinal <= (this.commit?.ordinal ?? 0)) return { commit };
      return undefined;
    });
  }

  /** Reads, from the newest state when this one is old or packs of it are gone. */
  async #again<R>(read: () => Promise<R>): Promise<R> {
    if (monotonicMs() - this.#seenMs > FRESH_MS) await this.#renew();
    try {
      return await read();
    } catch (error) {
      if (!isKittiwakeError(error, 'pack_missing') && !isKittiwakeError(error, 'object_missing')) throw error;
      await this.#renew();
      return await read();
    }
  }

  async #renew(): Promise<void> {
    this.#seenMs = monotonicMs();
    const view = await this.#views.view({ maxAgeMs: 0 });
    if (this.commit !== undefined) this.#tree = await view.at(this.commit.oid);
    this.#view = view;
  }
}

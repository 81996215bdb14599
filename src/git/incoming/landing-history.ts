import { SUBMODULE } from '../foreign/entry-check.ts';
import type { Oid } from '../object/objects.ts';
import type { Usage } from '../repository.ts';
import { diffTrees, type TreeChange } from '../tree/tree-diff.ts';
import type { LedgerView } from '../view/view.ts';
import type { IncomingChange, IncomingCommit, IncomingFile, IncomingHistory } from './incoming.ts';
import type { LandingPlan } from './landing-plan.ts';

/** What a plan brings, told to whoever has to allow it. */
export class LandingHistory implements IncomingHistory {
  readonly #plan: LandingPlan;
  readonly #view: LedgerView;

  /** @param view of the version on which it lands */
  constructor(plan: LandingPlan, view: LedgerView) {
    this.#plan = plan;
    this.#view = view;
  }

  get updates() {
    return this.#plan.updates;
  }

  get count(): number {
    return this.#plan.commits.length;
  }

  async *commits(): AsyncGenerator<IncomingCommit> {
    for (const { oid, commit } of this.#plan.commits.toReversed()) {
      yield { oid, commit, changes: () => this.#own(oid, commit.parents) };
    }
  }

  async *net(): AsyncGenerator<IncomingChange> {
    const { head } = this.#plan;
    if (head !== undefined && this.count > 0) yield* this.#changes(this.#plan.wiki.view.head, head);
  }

  /** What a commit does by itself: of a merge what it takes from none of its parents. */
  async *#own(oid: Oid, [first, ...others]: readonly Oid[]): AsyncGenerator<IncomingChange> {
    const differing = await Promise.all(others.map(parent => this.#differing(parent, oid)));
    for await (const change of this.#changes(first, oid))
      if (differing.every(paths => paths.has(change.path))) yield change;
  }

  async #differing(before: Oid, after: Oid): Promise<Set<string>> {
    return new Set((await this.#diff(before, after)).map(({ path }) => path));
  }

  async *#changes(before: Oid | undefined, after: Oid): AsyncGenerator<IncomingChange> {
    for (const { path, before: was, after: is } of await this.#diff(before, after))
      yield { path, before: was && (await this.#file(was)), after: is && (await this.#file(is)) };
  }

  async #diff(before: Oid | undefined, after: Oid): Promise<TreeChange[]> {
    const { reached } = this.#plan;
    const old = before === undefined ? null : await reached.treeOf(before);
    return diffTrees(old, await reached.treeOf(after), (oid, folder) => reached.tree(oid, folder));
  }

  async #file({ oid, mode }: { oid: Oid; mode: number }): Promise<IncomingFile> {
    return {
      oid,
      mode,
      size:
        mode === SUBMODULE ? 0 : (this.#plan.options.objects.size(oid) ?? (await this.#plan.wiki.size(oid))),
    };
  }

  async blob(oid: Oid): Promise<Buffer> {
    const { objects } = this.#plan.options;
    return objects.typeOf(oid) === 'blob' ? objects.object(oid).bytes : await this.#view.blob(oid);
  }

  async usage(): Promise<Usage> {
    const { repository, objects } = this.#plan.options;
    const { pages, bytes } = await this.#view.usage();
    const { isPage = () => false } = repository;
    let added = 0;
    for await (const { path, before, after } of this.net())
      if (isPage(path)) added += Number(after !== null) - Number(before !== null);
    return { pages: pages + added, bytes: bytes + objects.bytes };
  }
}

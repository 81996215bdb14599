import type { OpenBlob } from '../../git/large/large.ts';
import type { Commit, Oid } from '../../git/object/objects.ts';
import type {
  CommitInfo,
  Described,
  FileInfo,
  LogEntry,
  Touch,
  TreeReader,
  Usage,
  View,
} from '../../git/repository.ts';
import { type Permits, readsAll } from '../access.ts';
import type { CommitSights } from './commit-sights.ts';
import { visibleEntry, withheld } from './visible-commit.ts';
import { VisibleTree } from './visible-tree.ts';

/**
 * A version of a wiki as if the files that the caller may not read were never there. All that is asked with a path, or answers with
 * one, is filtered; blobs are asked by ids, which only what is visible tells.
 */
export function visibleView(view: View, permits: Permits, sights: CommitSights): View {
  return readsAll(permits) ? view : new VisibleView(view, permits, sights);
}

/** Tables filtered before: a caller who asks again, of the same commit, gets the same array. */
const tables = new WeakMap<Permits, WeakMap<readonly Described<unknown>[], readonly Described<unknown>[]>>();

class VisibleView extends VisibleTree implements View {
  readonly #view: View;
  readonly #permits: Permits;
  readonly #sights: CommitSights;

  constructor(view: View, permits: Permits, sights: CommitSights) {
    super(view, permits);
    this.#view = view;
    this.#permits = permits;
    this.#sights = sights;
  }

  get head(): Oid | undefined {
    return this.#view.head;
  }

  get ordinal(): number {
    return this.#view.ordinal;
  }

  get policy(): unknown {
    return this.#view.policy;
  }

  usage(): Usage | Promise<Usage> {
    return this.#view.usage();
  }

  async file(path: string): Promise<FileInfo | undefined> {
    return this.#permits.may('read', path) ? this.#view.file(path) : undefined;
  }

  blob(oid: Oid): Promise<Buffer> {
    return this.#view.blob(oid);
  }

  openBlob(oid: Oid): Promise<OpenBlob> {
    return this.#view.openBlob(oid);
  }

  async lastChange(file: Pick<FileInfo, 'commit'>): Promise<(Commit & { oid: Oid }) | undefined> {
    const sight = await this.#sights.of(this.#view, this.#permits, file.commit);
    return sight === 'all' ? this.#view.lastChange(file) : this.commit(file.commit);
  }

  together<T>(ask: () => T): T {
    return this.#view.together(ask);
  }

  /** The head is there for everybody. */
  async commit(oid: Oid): Promise<CommitInfo | undefined> {
    const sight = await this.#sights.of(this.#view, this.#permits, oid);
    if (sight === 'none' && oid !== this.head) return undefined;
    const commit = await this.#view.commit(oid);
    return commit && sight !== 'all' ? withheld(commit) : commit;
  }

  async logEntry(oid: Oid): Promise<LogEntry | undefined> {
    const entry = await this.#view.logEntry(oid);
    return entry && visibleEntry(entry, this.#permits);
  }

  async at(commit: Oid): Promise<TreeReader> {
    return new VisibleTree(await this.#view.at(commit), this.#permits);
  }

  isPurged(prefix: string): Promise<boolean> {
    return this.#view.isPurged(prefix);
  }

  resolve(prefix: string): Promise<Oid[]> {
    return this.#view.resolve(prefix);
  }

  async *touches(path: string): AsyncIterable<Touch> {
    if (this.#permits.may('read', path)) yield* this.#view.touches(path);
  }

  log(): AsyncIterable<LogEntry> {
    return this.#visible(this.#view.log());
  }

  logAfter(oid: Oid | undefined): AsyncIterable<LogEntry> {
    return this.#visible(this.#view.logAfter(oid));
  }

  async *#visible(entries: AsyncIterable<LogEntry>): AsyncIterable<LogEntry> {
    for await (const entry of entries) {
      const visible = visibleEntry(entry, this.#permits);
      if (visible !== undefined) yield visible;
    }
  }

  async described(): Promise<readonly Described<unknown>[]> {
    const all = await this.#view.described();
    const known = tables.get(this.#permits) ?? new WeakMap();
    tables.set(this.#permits, known);
    const visible = known.get(all) ?? all.filter(({ path }) => this.#permits.may('read', path));
    known.set(all, visible);
    return visible;
  }

  async sources(target: string, options?: { prefix?: boolean }): Promise<string[]> {
    const paths = await this.#view.sources(target, options);
    return paths.filter(path => this.#permits.may('read', path));
  }
}

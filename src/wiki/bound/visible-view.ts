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
import type { Permits } from '../access.ts';
import { visibleCommit, visibleEntry } from './visible-commit.ts';
import { VisibleTree } from './visible-tree.ts';

/**
 * A version of a wiki as if the files that the caller may not read were never there. All that is asked with a path, or answers with
 * one, is filtered; blobs are asked by ids, which only what is visible tells.
 */
export function visibleView(view: View, permits: Permits): View {
  return permits.all ? view : new VisibleView(view, permits);
}

/** Tables filtered before: a caller who asks again, of the same commit, gets the same array. */
const tables = new WeakMap<Permits, WeakMap<readonly Described<unknown>[], readonly Described<unknown>[]>>();

class VisibleView extends VisibleTree implements View {
  readonly #view: View;
  readonly #permits: Permits;

  constructor(view: View, permits: Permits) {
    super(view, permits);
    this.#view = view;
    this.#permits = permits;
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

  lastChange(file: Pick<FileInfo, 'commit'>): Promise<(Commit & { oid: Oid }) | undefined> {
    return this.commit(file.commit);
  }

  together<T>(ask: () => T): T {
    return this.#view.together(ask);
  }

  /** The head is there for everybody. */
  async commit(oid: Oid): Promise<CommitInfo | undefined> {
    const entry = await this.#view.logEntry(oid);
    return entry && visibleCommit(entry, this.#permits, oid === this.head);
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

  async *log(): AsyncIterable<LogEntry> {
    for await (const entry of this.#view.log()) {
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

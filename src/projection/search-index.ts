import { isKittiwakeError } from '../core/errors.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import type { EnsureCounts } from '../db/ensure.ts';
import { ProcessLock } from '../db/process-lock.ts';
import type { View } from '../git/repository.ts';
import { catchUp, type NewestView } from './catch-up.ts';
import { isSame, passedBy } from './cursors.ts';
import { projectionLate, searchBusy } from './errors.ts';
import { IndexFile } from './index-file.ts';
import { Mutex } from './mutex.ts';
import { pendingFiles } from './pending-files.ts';
import type { Changes, Cursor, Projection } from './projection.ts';
import type { FetchableIndex } from './published/fetch.ts';
import { type Batch, type PageText, readPages } from './read-pages.ts';
import { type Found, type MayRead, type Readable, searchReadable } from './readable-search.ts';
import { findPages, type SearchAnswer, type SearchRange } from './search-pages.ts';
import { parseQuery } from './search-query.ts';
import type { SearchStore } from './search-store.ts';

export interface SearchIndexOptions {
  /**
   * Where the index is found: a link to the database beside it, with SQLite's own files and a lock. All of it is made when
   * absent, and can be deleted at any time.
   */
  file: string;
  runtime: Runtime;
  pageText: PageText;
  /** Tells an older view from a wiki that was restored to an older state. Default: each such view is an older one. */
  newestView?: NewestView;
  /** Which files are pages. Default: those that end in `.md`. */
  isPage?: (path: string) => boolean;
  /** Of a file, as results show it. Default: the path itself. */
  displayPath?: (path: string) => string;
  /**
   * What `pageText` depends on besides the file, such as settings and its own version: the index is made again when it differs.
   * Default `''`.
   */
  variant?: string;
  /**
   * How many changed pages every search scores before they get into the trigram index together. Default 64, which keeps
   * the taking in of one page below 1 ms.
   */
  maxPending?: number;
  /** Finds an index of this variant that another process has published. Default: there are none. */
  findPublished?: (() => Promise<FetchableIndex | undefined>) | undefined;
  /** Told why a published index was not used; must not throw. The index then follows the commits by itself. */
  onUnusable?: ((error: unknown) => void) | undefined;
  /** How long a search waits for another process that builds the index. Default 30,000. */
  waitMs?: number;
  /** Gets how often the schema of the file was checked. Default: nobody counts. */
  ensureCounts?: EnsureCounts | undefined;
}

export interface SearchIndexStatus {
  cursor: Cursor | undefined;
  pages: number;
  /** How often this process replaced a damaged, foreign or newer file. */
  repairs: number;
}

/** To take in so many commits costs about as much as to fetch an index: at most the pages of each. */
const FAR_COMMITS = 100;

/** Makes the handle of a full-text index. Touches no file until it is used. */
export function createSearchIndex(options: SearchIndexOptions): SearchIndex {
  return new SearchIndex(options);
}

/**
 * Full-text search in a SQLite file that follows the commits. Processes may share the file, and anyone may delete it
 * at any time.
 */
export class SearchIndex implements Projection {
  readonly name = 'search';
  readonly #options: SearchIndexOptions;
  readonly #isPage: (path: string) => boolean;
  readonly #waitMs: number;
  readonly #file: IndexFile;
  readonly #lock: ProcessLock;
  readonly #mutex = new Mutex();

  constructor(options: SearchIndexOptions) {
    const {
      file,
      runtime,
      variant = '',
      maxPending = 64,
      waitMs = 30_000,
      isPage = path => path.endsWith('.md'),
      ensureCounts,
    } = options;
    this.#options = options;
    this.#isPage = isPage;
    this.#waitMs = waitMs;
    this.#file = new IndexFile({ file, variant, maxPending, runtime, ensureCounts });
    this.#lock = new ProcessLock(`${file}-lock`, runtime);
  }

  /**
   * The pages in which a term of the query occurs, best first (API contract, section 10), after everything up to the
   * head of `view` has been taken in. What others committed since may be in it too, unless it was under another policy.
   * @throws KittiwakeError `query_required`, `query_too_long`, `search_busy`, `search_broken`,
   * `projection_unsettled`; what reading the wiki throws
   */
  async search(
    view: View,
    request: string,
    range: SearchRange = {},
    readable?: Readable,
  ): Promise<SearchAnswer> {
    const query = parseQuery(request);
    const { runtime, displayPath = path => path } = this.#options;
    const turn = () => runtime.turn();
    return this.read(
      view,
      (store, mayRead) => findPages(store, query, { range, displayPath, mayRead, turn }),
      readable,
    );
  }

  /**
   * What `find` reads, in one transaction, after everything up to the head of `view` has been taken in; see {@link SearchIndex.search}.
   * @throws KittiwakeError `search_busy`, `search_broken`, `projection_unsettled`; what reading the wiki throws
   */
  read<A>(
    view: View,
    find: (store: SearchStore, mayRead: MayRead) => Promise<A>,
    readable?: Readable,
  ): Promise<A> {
    return searchReadable<A>(view, {
      name: this.name,
      readable,
      newestView: this.#options.newestView,
      catchUp: current => this.catchUp(current),
      find: mayRead => this.#use(store => findAtCursor(store, () => find(store, mayRead))),
    });
  }

  /** Takes in everything up to the head of `view`. */
  catchUp(view: View): Promise<void> {
    return catchUp(this, view, { newest: this.#options.newestView });
  }

  cursor(): Promise<Cursor | undefined> {
    return this.#use(store => store.cursor());
  }

  hasPassed(head: string): Promise<boolean> {
    return this.#use(store => store.hasPassed(head));
  }

  apply(changes: Changes, deadlineMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    return this.#use(async store => {
      if (!isSame(store.cursor(), changes.from)) return false;
      if (changes.from === undefined) {
        return this.#underLock(() =>
          this.#build(store, changes, deadlineMs, () => this.#batches(store, changes)),
        );
      }
      const batches = await this.#batches(store, changes);
      const { value: first } = await batches.next();
      if (first?.last) return this.#applyLast(store, changes, first);
      return this.#underLock(() =>
        this.#build(store, changes, deadlineMs, async () => withFirst(first, batches)),
      );
    });
  }

  /** Takes over the published index where the own one is far behind it, or not complete and not made from it. */
  async skipAhead(from: Cursor | undefined, to: Cursor): Promise<boolean> {
    const { findPublished, onUnusable } = this.#options;
    if (!findPublished || to.head === null || (from && !isFar(from, to))) return false;
    try {
      const found = await findPublished();
      if (!found || (from && !isFar(from, found.cursor))) return false;
      return await this.#mutex.run(() =>
        this.#underLock(() => this.#file.use(store => this.#takeOver(store, from, found))),
      );
    } catch (error) {
      if (isKittiwakeError(error, 'search_busy')) throw error;
      onUnusable?.(error);
      return false;
    }
  }

  /** Deletes the file with its free pages, which hold what was taken out long since. */
  discard(from: Cursor): Promise<void> {
    return this.#mutex.run(async () => {
      if (await this.#file.use(store => isSame(store.cursor(), from))) this.#file.discard();
    });
  }

  /** With a store that was opened under the lock: another process may have been faster. */
  async #takeOver(
    store: SearchStore,
    from: Cursor | undefined,
    { cursor, fetch }: FetchableIndex,
  ): Promise<boolean> {
    if (!isSame(store.cursor(), from)) return true;
    // Else what was taken in since would be thrown away by every run that ends before it is complete.
    if (from === undefined && cursor.ordinal <= store.reached()) return false;
    await this.#file.adopt(cursor, fetch);
    return true;
  }

  /**
   * Writes the index to the new file `path`, which needs no other file beside it.
   * @returns what it describes; undefined when the index is not complete, or another process was changing it
   */
  snapshot(path: string): Promise<Cursor | undefined> {
    return this.#use(store => store.snapshot(path));
  }

  status(): Promise<SearchIndexStatus> {
    return this.#use(store => ({
      cursor: store.cursor(),
      pages: store.pageCount(),
      repairs: this.#file.repairs,
    }));
  }

  /** Closes the file after what is running. A later use opens it again. */
  close(): Promise<void> {
    return this.#mutex.run(async () => this.#file.close());
  }

  #use<R>(work: (store: SearchStore) => R | Promise<R>): Promise<R> {
    return this.#mutex.run(() => this.#file.use(work));
  }

  /**
   * Writes batch after batch. While it does, nothing is complete, so that others can neither search nor go on from the
   * cursor; and it ends as soon as somebody else began to build, which the lock makes rare and not impossible.
   */
  async #build(
    store: SearchStore,
    changes: Changes,
    deadlineMs: number,
    batches: () => Promise<AsyncIterable<Batch>>,
  ): Promise<boolean> {
    const { runtime } = this.#options;
    const builder = randomId(runtime);
    const hasBegun = store.write(() => {
      if (!isSame(store.cursor(), changes.from)) return false;
      store.setIncomplete(builder);
      return true;
    });
    if (!hasBegun) return false;
    for await (const { pages, last } of await batches()) {
      const isMine = store.write(() => {
        if (!store.isBuilder(builder)) return false;
        store.put(pages);
        if (last) store.setCursor(changes.to, passedBy(changes));
        return true;
      });
      if (!isMine) return false;
      if (!last && runtime.now() >= deadlineMs) throw projectionLate(this.name);
      await runtime.turn();
    }
    return true;
  }

  /** The common case: everything fits into one transaction, which also proves that nobody was faster. */
  #applyLast(store: SearchStore, changes: Changes, { pages }: Batch): boolean {
    return store.write(() => {
      if (!isSame(store.cursor(), changes.from)) return false;
      store.put(pages);
      store.setCursor(changes.to, passedBy(changes));
      return true;
    });
  }

  async #batches(store: SearchStore, changes: Changes): Promise<AsyncGenerator<Batch>> {
    const files = await pendingFiles(changes, this.#isPage, () => store.oids());
    return readPages(changes.view, files, this.#options.pageText);
  }

  async #underLock(work: () => Promise<boolean>): Promise<boolean> {
    const held = await this.#lock.hold(this.#waitMs, work);
    if (!held) throw searchBusy(this.#options.file, this.#waitMs);
    return held.value;
  }
}

function findAtCursor<A>(store: SearchStore, find: () => Promise<A>): Promise<Found<A> | undefined> {
  return store.read(async () => {
    const cursor = store.cursor();
    return cursor && { answer: await find(), head: cursor.head };
  });
}

function isFar(from: Cursor, to: Cursor): boolean {
  return to.ordinal - from.ordinal >= FAR_COMMITS;
}

async function* withFirst(first: Batch | undefined, rest: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  if (first) yield first;
  yield* rest;
}

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isKittiwakeError } from '../core/errors.ts';
import { databaseUnavailable } from '../db/errors.ts';
import { isCorruption, isSqliteError } from '../db/sqlite.ts';
import { publishedDamaged, searchBroken } from './errors.ts';
import { discardIncarnation, installIncarnation, presentIncarnation } from './incarnation.ts';
import type { Cursor } from './projection.ts';
import { SearchStore, type SearchStoreOptions } from './search-store.ts';

/** A file that is made anew more often than this in a row is in a bad place. */
const MAX_REPAIRS = 3;

/** Errors of a file that can be replaced, because everything in it can be made again. */
const REPLACEABLE = ['database_corrupt', 'schema_newer', 'migration_changed', 'migration_order'];

/**
 * The file of the index: opened on first use; opened anew when someone deleted or replaced it; made anew when it is
 * damaged or of another version.
 */
export class IndexFile {
  readonly #options: SearchStoreOptions;
  /** The database that is open, or was to be opened. */
  #real = '';
  #store: SearchStore | undefined;
  #repairs = 0;

  constructor(options: SearchStoreOptions) {
    this.#options = options;
  }

  /** How often the file was made anew. */
  get repairs(): number {
    return this.#repairs;
  }

  /**
   * Runs `work` on the store; again, on a new file, when the old one turns out to be damaged.
   * @throws KittiwakeError `search_broken`, `database_unavailable`, those of {@link SearchStore.open}, those of `work`
   */
  async use<R>(work: (store: SearchStore) => R | Promise<R>): Promise<R> {
    for (let repairs = 0; ; repairs += 1) {
      try {
        return await work(await this.#current());
      } catch (error) {
        if (!isReplaceable(error)) throw this.#named(error);
        if (repairs >= MAX_REPAIRS) throw searchBroken(this.#options.file, error);
        this.close();
        discardIncarnation(this.#options.file, this.#real);
        this.#repairs += 1;
      }
    }
  }

  /**
   * Replaces the database by one that `fill` writes to the path given. Only under a lock that all processes share.
   * @throws KittiwakeError `search_snapshot_damaged` when it does not describe `cursor`; what `fill` throws. The present database
   * then stays.
   */
  async adopt(cursor: Cursor, fill: (path: string) => Promise<void>): Promise<void> {
    const { file } = this.#options;
    const folder = `${file}.fetched`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    try {
      const ready = join(folder, 'index.sqlite');
      await fill(ready);
      await this.#verify(ready, cursor);
      this.close();
      installIncarnation(file, ready, this.#options.runtime);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** What is wrong with the file must not be taken for damage of the present one, as a cause would be. */
  async #verify(path: string, { head }: Cursor): Promise<void> {
    const { file } = this.#options;
    const found = await this.#cursorOf(path).catch((error: unknown) => {
      const code = isKittiwakeError(error) ? error.code : String(error);
      throw publishedDamaged(file, `what was fetched for it cannot be opened (${code})`);
    });
    if (found?.head !== head)
      throw publishedDamaged(file, `what was fetched for it does not describe ${head}`);
  }

  async #cursorOf(path: string): Promise<Cursor | undefined> {
    const store = await SearchStore.open({ ...this.#options, file: path });
    try {
      return store.cursor();
    } finally {
      store.close();
    }
  }

  /** Deletes what is open; the next use makes a new one. */
  discard(): void {
    this.close();
    discardIncarnation(this.#options.file, this.#real);
  }

  close(): void {
    this.#store?.close();
    this.#store = undefined;
  }

  async #current(): Promise<SearchStore> {
    const real = presentIncarnation(this.#options.file, this.#options.runtime);
    if (this.#store && this.#real === real) return this.#store;
    this.close();
    this.#real = real;
    this.#store = await SearchStore.open({ ...this.#options, file: real });
    return this.#store;
  }

  /** Says which file it is that errors of the driver and of the system are about. */
  #named(error: unknown): unknown {
    const isSystem = error instanceof Error && 'syscall' in error;
    return isSystem || isSqliteError(error) ? databaseUnavailable(this.#options.file, error) : error;
  }
}

function isReplaceable(error: unknown): boolean {
  return isCorruption(error) || REPLACEABLE.some(code => isKittiwakeError(error, code));
}

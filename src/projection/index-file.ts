import { isKittiwakeError } from '../core/errors.ts';
import { databaseUnavailable } from '../db/errors.ts';
import { isCorruption, isSqliteError } from '../db/sqlite.ts';
import { searchBroken } from './errors.ts';
import { discardIncarnation, presentIncarnation } from './incarnation.ts';
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

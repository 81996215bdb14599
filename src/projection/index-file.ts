import { closeSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { isKittiwakeError } from '../core/errors.ts';
import { randomId } from '../core/runtime.ts';
import { databaseUnavailable } from '../db/errors.ts';
import { isCorruption, isSqliteError } from '../db/sqlite.ts';
import { searchBroken } from './errors.ts';
import { APPLICATION_ID, SearchStore, type SearchStoreOptions } from './search-store.ts';

/** A file that is made anew more often than this in a row is in a bad place. */
const MAX_REPAIRS = 3;

/** Errors of a file that can be replaced, because everything in it can be made again. */
const REPLACEABLE = [
  'database_corrupt',
  'search_foreign',
  'schema_newer',
  'migration_changed',
  'migration_order',
];

/**
 * The file of the index: opened on first use; opened anew when someone deleted or replaced it; made anew when it is damaged
 * or of another version. A file that something else made is renamed, never deleted.
 */
export class IndexFile {
  readonly #options: SearchStoreOptions;
  #store: SearchStore | undefined;
  /** Of the file that is open, or was to be opened. */
  #inode = '';
  #repairs = 0;

  constructor(options: SearchStoreOptions) {
    this.#options = options;
  }

  /** How often the file was replaced. */
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
        this.#replace();
      }
    }
  }

  close(): void {
    this.#store?.close();
    this.#store = undefined;
  }

  /** Says which file it is that the driver's errors are about. */
  #named(error: unknown): unknown {
    return isSqliteError(error) ? databaseUnavailable(this.#options.file, error) : error;
  }

  async #current(): Promise<SearchStore> {
    const { file } = this.#options;
    const present = inodeOf(file);
    if (this.#store && this.#inode === present) return this.#store;
    this.close();
    this.#inode = present;
    this.#store = await SearchStore.open(this.#options);
    this.#inode = inodeOf(file);
    return this.#store;
  }

  /**
   * Leaves a file alone that another process has put in the place of the one that failed here. Of ours, only the file
   * itself goes: SQLite drops the journals that it finds beside a new one, whereas removing them by name could hit those
   * of a file that someone has just made.
   */
  #replace(): void {
    const { file, runtime } = this.#options;
    this.close();
    if (inodeOf(file) !== this.#inode) return;
    this.#repairs += 1;
    if (isOurs(file)) {
      rmSync(file, { force: true });
      return;
    }
    const aside = `${file}.aside-${randomId(runtime).slice(0, 8)}`;
    for (const suffix of ['-wal', '-journal', '']) {
      if (inodeOf(file + suffix) !== '') renameSync(file + suffix, aside + suffix);
    }
  }
}

function isReplaceable(error: unknown): boolean {
  return isCorruption(error) || REPLACEABLE.some(code => isKittiwakeError(error, code));
}

/** `''` when there is no file. */
function inodeOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}` : '';
}

/** Reads the application id out of the header (SQLite file format, 1.3). */
function isOurs(file: string): boolean {
  const header = Buffer.alloc(72);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return header.toString('latin1', 0, 15) === 'SQLite format 3' && header.readUInt32BE(68) === APPLICATION_ID;
}

import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Runtime, systemRuntime } from '../core/runtime.ts';
import { abortedPut, refuseAborted } from './aborted.ts';
import type {
  Body,
  ByteStore,
  CallOptions,
  GetOptions,
  GetOutcome,
  KeptVersion,
  Listing,
  PutCondition,
  PutOutcome,
  Uploaded,
} from './byte-store.ts';
import { DiskFiles } from './disk-files.ts';
import { getImmutable, putImmutable, readObject, removeFile } from './disk-immutable.ts';
import { listObjects } from './disk-listing.ts';
import { createMutable, isCurrent, removeMutable, withCurrent } from './disk-mutable.ts';
import { swapMutable } from './disk-swap.ts';
import { uploadImmutable } from './disk-upload.ts';
import { formatMutableVersion, parseMutableVersion } from './disk-version.ts';
import { forgetKept, getKept, keptVersions } from './disk-versions.ts';
import { storageDamaged, storageFailure, storageKeyClash } from './errors.ts';
import { checkKey, checkPrefix, maxListed } from './object-key.ts';

export interface DiskByteStoreOptions {
  /**
   * Where the objects are, made on the first write. It must be one local file system that knows hard links and
   * `fsync` of folders; several processes may use it at once.
   */
  folder: string;
  /** Gives names and the time. Default: the system's. */
  runtime?: Runtime;
  /** For tests: called with the name of each step of a put, right before it. */
  onStep?: (name: string) => void;
}

export interface DiskByteStore extends ByteStore {
  /**
   * Removes the temporary files that crashed writers left and that nobody touched for `olderThanMs`. They are
   * harmless but take space. A writer that was paused for longer than that gets a conflict. Returns their number.
   * @throws KittiwakeError `storage_failed`, `storage_denied`
   */
  sweep(olderThanMs: number): Promise<number>;
}

/**
 * A ByteStore in a folder. An immutable object is the file `<folder>/<key>`, a mutable one the folder
 * `<folder>/<key>~` (see `disk-mutable.ts`). Nothing is read or written before the first call.
 */
export function createDiskByteStore(options: DiskByteStoreOptions): DiskByteStore {
  return new DiskStore(
    new DiskFiles(resolve(options.folder), options.runtime ?? systemRuntime, options.onStep ?? (() => {})),
  );
}

class DiskStore implements DiskByteStore {
  readonly location: string;
  readonly #files: DiskFiles;

  constructor(files: DiskFiles) {
    this.location = `file:${files.root}`;
    this.#files = files;
  }

  async get(key: string, options: GetOptions = {}): Promise<GetOutcome> {
    checkKey(key);
    const path = join(this.#files.root, key);
    return guard('Reading', key, path, options, () => {
      const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
      return isFile ? getImmutable(path, options) : getMutable(key, `${path}~`, options);
    });
  }

  async put(
    key: string,
    body: Body,
    condition: PutCondition,
    options: CallOptions = {},
  ): Promise<PutOutcome> {
    checkKey(key);
    const aborted = abortedPut(key, options);
    if (aborted) return aborted;
    const path = join(this.#files.root, key);
    try {
      const outcome = await this.#put(key, path, body, condition);
      if (outcome.kind === 'conflict' && outcome.reason === 'concurrent') this.#files.unsettle();
      return outcome;
    } catch (error) {
      this.#files.unsettle();
      throw storageFailure('Writing', key, path, error);
    }
  }

  async list(
    prefix: string,
    options: { after?: string; limit?: number } & CallOptions = {},
  ): Promise<Listing> {
    checkPrefix(prefix);
    const { root } = this.#files;
    const limit = Math.min(options.limit ?? maxListed, maxListed);
    return guard('Listing', prefix, root, options, () =>
      listObjects(root, prefix, options.after ?? '', limit),
    );
  }

  async delete(keys: readonly string[], options: CallOptions = {}): Promise<void> {
    for (const key of keys) checkKey(key);
    const changed = new Set<string>();
    const removed: string[] = [];
    for (const key of keys) {
      const path = join(this.#files.root, key);
      guard('Deleting', key, path, options, () => {
        const temporary = removeMutable(this.#files, `${path}~`);
        if (temporary !== undefined) removed.push(temporary);
        if (removeFile(path) || temporary !== undefined) changed.add(dirname(path));
      });
    }
    for (const path of changed) {
      guard('Deleting', keys[0] ?? '', path, {}, () => this.#files.syncFolder(path));
    }
    for (const path of removed) this.#files.discardFolder(path);
  }

  async upload(key: string, chunks: AsyncIterable<Uint8Array>, options: CallOptions = {}): Promise<Uploaded> {
    checkKey(key);
    const path = join(this.#files.root, key);
    guard('Uploading', key, path, options, () => {
      if (existsSync(`${path}~`)) throw storageKeyClash(key, path, 'a mutable object', 'immutable object');
    });
    try {
      return { size: await uploadImmutable(this.#files, key, path, chunks, options) };
    } catch (error) {
      this.#files.unsettle();
      throw error;
    }
  }

  async *versions(key: string): AsyncGenerator<KeptVersion> {
    checkKey(key);
    const folder = `${join(this.#files.root, key)}~`;
    yield* guard('Listing versions of', key, folder, {}, () => keptVersions(folder));
  }

  async forgetVersions(prefix: string): Promise<number> {
    let count = 0;
    for (let after: string | undefined, more = true; more; ) {
      const page = await this.list(prefix, after === undefined ? {} : { after });
      for (const { key } of page.objects) {
        const folder = `${join(this.#files.root, key)}~`;
        count += guard('Removing versions of', key, folder, {}, () => forgetKept(this.#files, folder));
      }
      after = page.objects.at(-1)?.key;
      more = page.more;
    }
    return count;
  }

  async getVersion(key: string, id: string, options: Pick<GetOptions, 'range'> = {}): Promise<GetOutcome> {
    checkKey(key);
    const folder = `${join(this.#files.root, key)}~`;
    return guard('Reading', key, folder, {}, () => getKept(folder, id, options));
  }

  async sweep(olderThanMs: number): Promise<number> {
    const { temporary } = this.#files;
    return guard('Sweeping', '', temporary, {}, () => this.#files.sweep(olderThanMs));
  }

  #put(key: string, path: string, body: Body, condition: PutCondition): PutOutcome | Promise<PutOutcome> {
    const folder = `${path}~`;
    if ('immutable' in condition) {
      if (existsSync(folder)) throw storageKeyClash(key, folder, 'a mutable object', 'immutable object');
      return putImmutable(this.#files, key, path, body);
    }
    if ('ifMatch' in condition) return swapMutable(this.#files, folder, condition.ifMatch, body);
    if (existsSync(path) && statSync(path).isFile()) {
      throw storageKeyClash(key, path, 'an immutable object', 'mutable object');
    }
    return createMutable(this.#files, folder, body);
  }
}

function getMutable(key: string, folder: string, options: GetOptions): GetOutcome {
  const known = options.ifNoneMatch === undefined ? undefined : parseMutableVersion(options.ifNoneMatch);
  if (known !== undefined && isCurrent(folder, known)) return { kind: 'unchanged' };
  const outcome = withCurrent(folder, ({ path, incarnation, seq }) =>
    readObject(path, options, file => formatMutableVersion({ incarnation, seq, ...file })),
  );
  if (outcome === 'absent') return { kind: 'absent' };
  if (outcome === 'damaged') throw storageDamaged(key, folder, 'holds no version');
  return outcome.value;
}

/** Runs one operation; what it throws becomes a KittiwakeError that names the file. */
function guard<T>(action: string, key: string, path: string, options: CallOptions, run: () => T): T {
  refuseAborted(action, key, options);
  try {
    return run();
  } catch (error) {
    throw storageFailure(action, key, path, error);
  }
}

import { stat } from 'node:fs/promises';
import type { Runtime } from '../../core/runtime.ts';
import type { EnsureCounts, SchemaMode } from '../ensure.ts';
import { databaseUnavailable, stateClosed, stateContention } from '../errors.ts';
import { planOfNone } from '../migrate.ts';
import type { MigrationSet } from '../migration.ts';
import { openSqlite } from '../sqlite.ts';
import { givenNow } from './given.ts';
import type { StateDatabase, StateStatus, StateWork } from './state-database.ts';
import { type StateReading, Transactions } from './transactions.ts';

/** How long a transaction waits for those of other processes. */
const PATIENCE_MS = 25_000;
/** Between two looks whether the lock is free: a random time up to this. */
const PAUSE_MS = 10;

export interface FileStateOptions {
  /** Path of the file. It is made by the first write, with its folder. */
  file: string;
  schema: MigrationSet;
  runtime: Runtime;
  /** Default: counted for this handle alone. */
  ensureCounts?: EnsureCounts | undefined;
  /** Default `auto`. */
  schemaMode?: SchemaMode | undefined;
}

/**
 * SQLite as a file, for any number of processes of one machine. What was written stays after a power cut. Opened on first
 * use; a failure to open is forgotten.
 */
export function createFileState<T>(options: FileStateOptions): StateDatabase<T> {
  return new FileState(options);
}

class FileState<T> implements StateDatabase<T> {
  readonly engine = 'file';
  readonly #options: FileStateOptions;
  #opening: Promise<Transactions<T>> | undefined;
  /** What is read as long as there is no file. */
  #none: Promise<Transactions<T>> | undefined;
  #isClosed = false;

  constructor(options: FileStateOptions) {
    this.#options = options;
  }

  async read<R>(work: StateReading<T, R>): Promise<R> {
    const untilMs = this.#options.runtime.now() + PATIENCE_MS;
    return this.#run((await this.#isThere()) ? this.#open() : this.#empty(), 'read', work, untilMs);
  }

  write<R>(work: StateWork<T, R>, { deadlineMs }: { deadlineMs?: number } = {}): Promise<R> {
    const { runtime } = this.#options;
    const untilMs = deadlineMs ?? runtime.now() + PATIENCE_MS;
    return this.#run(this.#open(), 'write', state => work(state, givenNow(runtime)), untilMs);
  }

  async exists(): Promise<boolean> {
    return this.#isThere();
  }

  async status(): Promise<StateStatus> {
    const { file, schema } = this.#options;
    const bytes = await sizeOf(file);
    if (bytes === undefined) return { location: file, exists: false, ...planOfNone(schema) };
    const transactions = await this.#open();
    const plan = await transactions.alone(handle => handle.plan(schema));
    return { location: file, exists: true, bytes, ...plan };
  }

  async migrate(): Promise<readonly string[]> {
    const transactions = await this.#open();
    return transactions.alone(handle => handle.migrate(this.#options.schema));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const opening of [this.#opening, this.#none]) {
      const transactions = await opening?.catch(() => undefined);
      await transactions?.alone(async handle => handle.close());
    }
  }

  async #run<R>(
    opening: Promise<Transactions<T>>,
    kind: 'read' | 'write',
    work: StateReading<T, R>,
    untilMs: number,
  ): Promise<R> {
    const { runtime, file } = this.#options;
    const transactions = await opening;
    for (;;) {
      if (this.#isClosed) throw stateClosed(file);
      const done = await transactions.attempt(kind, work);
      if (done !== undefined) return done.value;
      if (runtime.now() >= untilMs) throw stateContention(file, PAUSE_MS);
      await runtime.sleep(runtime.random() * PAUSE_MS);
    }
  }

  /** The database of the file, which is made where it is absent. */
  #open(): Promise<Transactions<T>> {
    this.#opening ??= this.#openAt(this.#options.file).catch(error => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  #empty(): Promise<Transactions<T>> {
    this.#none ??= this.#openAt(':memory:');
    return this.#none;
  }

  async #openAt(file: string): Promise<Transactions<T>> {
    if (this.#isClosed) throw stateClosed(this.#options.file);
    const { runtime, schema, ensureCounts, schemaMode } = this.#options;
    const handle = await openSqlite<T>({ file, runtime, synchronous: 'full', ensureCounts, schemaMode });
    // What was deleted is not to be found in the file any more.
    handle.driver.pragma('secure_delete = on');
    return new Transactions({ handle, schema, name: this.#options.file });
  }

  async #isThere(): Promise<boolean> {
    return this.#opening !== undefined || (await sizeOf(this.#options.file)) !== undefined;
  }
}

/** Undefined: there is no such file. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw databaseUnavailable(file, error);
  }
}

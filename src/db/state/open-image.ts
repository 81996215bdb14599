import type { Runtime } from '../../core/runtime.ts';
import type { EnsureCounts, SchemaMode } from '../ensure.ts';
import type { MigrationSet } from '../migration.ts';
import { openImage, type SqliteHandle } from '../sqlite.ts';
import { Transactions } from './transactions.ts';

export interface ImageOptions {
  schema: MigrationSet;
  /** What errors call the database. */
  name: string;
  runtime: Runtime;
  ensureCounts?: EnsureCounts | undefined;
  schemaMode?: SchemaMode | undefined;
}

/** An image that is open in memory: a copy, which can be changed. */
export interface OpenImage<T> {
  readonly handle: SqliteHandle<T>;
  readonly transactions: Transactions<T>;
  /** The image that this is a copy of. */
  readonly image: Buffer;
}

/** @throws KittiwakeError `database_corrupt` */
export function open<T>(image: Buffer, { schema, name, runtime, ...checks }: ImageOptions): OpenImage<T> {
  const handle = openImage<T>(image, { file: name, runtime, ...checks });
  return { handle, transactions: new Transactions({ handle, schema, name }), image };
}

/** Keeps open what was used last: the next one who wants the same image need not open it again. */
export class KeptImage<T> {
  readonly #options: ImageOptions;
  #kept: OpenImage<T> | undefined;
  #isClosed = false;

  constructor(options: ImageOptions) {
    this.#options = options;
  }

  /** The image, for all who only read; it is closed when another one is wanted and they have ended. */
  share(image: Buffer): Transactions<T> {
    if (this.#kept?.image !== image) {
      this.#drop();
      this.#kept = open(image, this.#options);
    }
    return this.#kept.transactions;
  }

  /** The image, for one who gives it back or closes it. */
  take(image: Buffer): OpenImage<T> {
    const kept = this.#kept;
    if (kept?.image !== image) return open(image, this.#options);
    this.#kept = undefined;
    return kept;
  }

  give(opened: OpenImage<T>): void {
    this.#drop();
    if (this.#isClosed) opened.handle.close();
    else this.#kept = opened;
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  #drop(): void {
    void this.#kept?.transactions.alone(async handle => handle.close());
    this.#kept = undefined;
  }
}

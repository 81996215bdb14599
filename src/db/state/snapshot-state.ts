import { isKittiwakeError } from '../../core/errors.ts';
import { type Runtime, randomId } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { Attempts } from '../../swap/attempts.ts';
import type { Causes } from '../../swap/causes.ts';
import type { Held, Intent, Swap, Verdict } from '../../swap/swap.ts';
import { createSwap } from '../../swap/swapper.ts';
import type { EnsureCounts, SchemaMode } from '../ensure.ts';
import { stateClosed, stateTooLarge } from '../errors.ts';
import { planOfNone } from '../migrate.ts';
import type { MigrationSet } from '../migration.ts';
import type { SqliteDriver } from '../sqlite.ts';
import { givenNow } from './given.ts';
import { type ImageOptions, KeptImage, type OpenImage, open } from './open-image.ts';
import { type Snapshot, snapshotFormat } from './snapshot.ts';
import type { StateDatabase, StateStatus, StateWork } from './state-database.ts';
import type { StateReading, Transactions } from './transactions.ts';

const MAX_AGE_MS = 1_000;
/** Every transaction writes the whole of it. */
const MAX_BYTES = 64 << 20;
const NO_IMAGE = Buffer.alloc(0);

export interface SnapshotStateOptions {
  store: ByteStore;
  /** Of the wiki: the object is {@link snapshotKey}. */
  uuid: string;
  schema: MigrationSet;
  runtime: Runtime;
  /** Default: counted for this handle alone. */
  ensureCounts?: EnsureCounts | undefined;
  /** Default `auto`. */
  schemaMode?: SchemaMode | undefined;
  /** Above this a write is refused. Default: 67,108,864. */
  maxBytes?: number;
  /** Default: callers are not told apart. */
  causes?: Causes | undefined;
  /** How long a write without a deadline of its own waits. Default: 25,000 ms. */
  deadlineMs?: number;
}

/** Where the state of a wiki lies. */
export function snapshotKey(uuid: string): string {
  return `state/${uuid}`;
}

/**
 * SQLite as one object of the store, changed by `swap`: a transaction runs on a copy in memory, and what came of it is put in
 * place of what it rested on. Transactions that wait at the same time share a put. The schema is migrated within the first
 * transaction that changes something. The object is made by the first of these.
 */
export function createSnapshotState<T>(options: SnapshotStateOptions): StateDatabase<T> {
  return new SnapshotState(options);
}

/** What work on a copy of the image came to. */
interface Worked<R> {
  value: R;
  isChanged: boolean;
}

type Work<T, R> = (opened: OpenImage<T>) => Promise<Worked<R>>;

class SnapshotState<T> implements StateDatabase<T> {
  readonly engine = 'snapshot';
  readonly #options: SnapshotStateOptions;
  readonly #key: string;
  readonly #images: ImageOptions;
  readonly #swap: Swap<Snapshot>;
  readonly #read: KeptImage<T>;
  readonly #written: KeptImage<T>;
  /** When the store said last that there is no object. */
  #absentMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: SnapshotStateOptions) {
    const { schema, runtime, schemaMode, ensureCounts = { hits: 0, misses: 0, failures: 0 } } = options;
    this.#options = options;
    this.#key = snapshotKey(options.uuid);
    this.#images = { schema, name: this.#key, runtime, ensureCounts, schemaMode };
    this.#swap = createSwap({ ...options, key: this.#key, format: snapshotFormat });
    this.#read = new KeptImage(this.#images);
    this.#written = new KeptImage(this.#images);
  }

  async read<R>(work: StateReading<T, R>, options: { maxAgeMs?: number } = {}): Promise<R> {
    const held = await this.#current(options.maxAgeMs ?? MAX_AGE_MS);
    this.#checkOpen();
    return this.#read.share(held?.value.image ?? NO_IMAGE).run('read', work);
  }

  async write<R>(work: StateWork<T, R>, { deadlineMs }: { deadlineMs?: number } = {}): Promise<R> {
    const { runtime } = this.#options;
    const take = (image: Buffer) => this.#written.take(image);
    return this.#submit(take, ({ transactions }) => inOne(transactions, runtime, work), deadlineMs);
  }

  async exists(): Promise<boolean> {
    return (this.#swap.held() ?? (await this.#current(0))) !== undefined;
  }

  async status(): Promise<StateStatus> {
    const { store, schema } = this.#options;
    const location = `${store.location}/${this.#key}`;
    const held = await this.#current(0);
    if (held === undefined) return { location, exists: false, ...planOfNone(schema) };
    const { handle } = open<T>(held.value.image, this.#images);
    try {
      const bytes = held.value.image.length;
      return { location, exists: true, bytes, ...(await handle.plan(schema)) };
    } finally {
      handle.close();
    }
  }

  async migrate(): Promise<readonly string[]> {
    // One that is kept open may have been migrated in memory only.
    const take = (image: Buffer) => open<T>(image, this.#images);
    return this.#submit(take, async ({ handle }) => {
      const names = await handle.migrate(this.#options.schema);
      return { value: names, isChanged: names.length > 0 };
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#read.close();
    this.#written.close();
  }

  async #submit<R>(take: (image: Buffer) => OpenImage<T>, work: Work<T, R>, deadlineMs?: number): Promise<R> {
    this.#checkOpen();
    const attempts = new Attempts<{ value: R }>(this.#options.runtime);
    const intent: Intent<Snapshot, { value: R }> = {
      apply: current => this.#verdict(current, take(current.image), work, attempts),
      settle: async (current, base) => attempts.landed(current, base),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    };
    const done = await this.#swap.submit(intent).catch(error => {
      if (isKittiwakeError(error, 'object_absent')) return this.#submitFirst(intent);
      throw error;
    });
    return done.value;
  }

  /** Makes the object of what the first transaction comes to, unless another one was first. */
  async #submitFirst<R>(intent: Intent<Snapshot, R>): Promise<R> {
    const stamp = { uuid: randomId(this.#options.runtime), seq: 0, nonce: '' };
    const verdict = await intent.apply({ stamp, writes: [], image: NO_IMAGE });
    if (verdict.kind === 'keep') return verdict.result;
    try {
      await this.#swap.create(verdict.value);
      return verdict.result;
    } catch (error) {
      if (!isKittiwakeError(error, 'object_exists')) throw error;
      return this.#swap.submit(intent);
    }
  }

  async #verdict<R>(
    current: Snapshot,
    opened: OpenImage<T>,
    work: Work<T, R>,
    attempts: Attempts<{ value: R }>,
  ): Promise<Verdict<Snapshot, { value: R }>> {
    let worked: Worked<R>;
    try {
      worked = await work(opened);
    } catch (error) {
      this.#written.give(opened);
      throw error;
    }
    const { value, isChanged } = worked;
    const image = isChanged ? this.#serialised(opened) : opened.image;
    this.#written.give({ ...opened, image });
    if (!isChanged) return { kind: 'keep', result: { value } };
    const writes = attempts.add(current, { value });
    return { kind: 'change', value: { ...current, writes, image }, result: { value } };
  }

  /** @throws KittiwakeError `state_too_large` */
  #serialised({ handle }: OpenImage<T>): Buffer {
    const image = handle.driver.serialize();
    const { maxBytes = MAX_BYTES } = this.#options;
    if (image.length <= maxBytes) return image;
    handle.close();
    throw stateTooLarge(this.#key, image.length, maxBytes);
  }

  /** The version to read, confirmed no longer than `maxAgeMs` ago. Undefined: there is none. */
  async #current(maxAgeMs: number): Promise<Held<Snapshot> | undefined> {
    this.#checkOpen();
    const nowMs = this.#options.runtime.now();
    if (this.#swap.held() === undefined && nowMs - this.#absentMs < maxAgeMs) return undefined;
    const held = await this.#swap.read(maxAgeMs);
    if (held === undefined) this.#absentMs = nowMs;
    return held;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw stateClosed(this.#key);
  }
}

/** Runs the work in one transaction, and tells whether it has changed anything. */
function inOne<T, R>(
  transactions: Transactions<T>,
  runtime: Runtime,
  work: StateWork<T, R>,
): Promise<Worked<R>> {
  return transactions.run('write', async (state, driver) => {
    const before = totalChanges(driver);
    const value = await work(state, givenNow(runtime));
    return { value, isChanged: totalChanges(driver) !== before };
  });
}

function totalChanges(driver: SqliteDriver): unknown {
  return driver.prepare('select total_changes()').pluck().get();
}

import { isKittiwakeError, type KittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import { randomId } from '../core/runtime.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Causes } from '../swap/causes.ts';
import { objectReplaced } from '../swap/errors.ts';
import type { EarlyRead } from '../swap/mirror.ts';
import type { Intent, Swap } from '../swap/swap.ts';
import { createSwap } from '../swap/swapper.ts';
import type { IntentEnvironment } from './commit/commit-intent.ts';
import { CommitIntent } from './commit/commit-intent.ts';
import { LargeBlobs } from './commit/large-blobs.ts';
import { wikiAbsent, wikiLost } from './errors.ts';
import type { FlushPolicy } from './flush/flush.ts';
import { DEFAULT_FLUSH } from './flush/flush.ts';
import { Flusher } from './flush/flusher.ts';
import type { LargeFiles } from './large/large.ts';
import { DescribedTables } from './layer/described.ts';
import { Layers } from './layer/layers.ts';
import type { IdempotencyRecord } from './ledger/journal-entry.ts';
import { findRecord, RECORD_SECONDS } from './ledger/key-segment.ts';
import type { Ledger, PackRef } from './ledger/ledger.ts';
import { emptyLedger, ledgerFormat, ledgerKey } from './ledger/ledger.ts';
import { BlockCache } from './map/block-cache.ts';
import type { CommitRequest, Committed, PolicyChange, Repository } from './repository.ts';
import type { Describe } from './view/blob-store.ts';
import { BlobStore } from './view/blob-store.ts';
import { PackStore } from './view/pack-store.ts';
import { TreeStore } from './view/tree-store.ts';
import type { ViewEnvironment } from './view/view.ts';
import { LedgerView } from './view/view.ts';

export interface RepositoryOptions {
  store: ByteStore;
  /** The wiki's identity; its ledger is `ledger/<uuid>`. */
  uuid: string;
  runtime: Runtime;
  /** See {@link Describe}. Default: no file has a description. */
  describe?: Describe;
  /** Which files {@link View.usage} counts as pages; the same in every process. Default: nobody counts. */
  isPage?: ((path: string) => boolean) | undefined;
  /** Committer of every commit. Default: `Kittiwake <kittiwake@localhost>`. */
  committer?: { name: string; email: string };
  /** Default: {@link DEFAULT_FLUSH}; null: never by itself. */
  flush?: FlushPolicy | null;
  /** The store answers reads in far less time than puts, as a disk does. Default false. */
  local?: boolean;
  /** How old a view may be that does not say so itself. Default 0. */
  maxAgeMs?: number;
  /** A reading of the ledger that was begun before the repository was opened. */
  early?: EarlyRead | undefined;
  /** Who the store is asked for. Default: callers are not told apart. */
  causes?: Causes | undefined;
  /**
   * The uuid that the wiki's name stands for now, asked when the ledger is not there: another one means that the wiki was made
   * anew. Default: the name is not known.
   */
  identify?(): Promise<string | undefined>;
  /** Called after each commit request that was carried out; must not throw. */
  onCommit?(): void;
  /**
   * Called when a flush beside a swap fails, once for failures that are alike; must not throw. Nothing is lost by it: the
   * journal stays longer, and the next swap tries again.
   */
  onFlushError?(error: unknown): void;
  /** Bound of the cache of decoded map blocks. Default 64 MiB. */
  blockCacheBytes?: number;
}

/**
 * A disk takes more bytes at next to no cost, and deflating a page takes as long as all the rest of a commit. The flush
 * stores most pages as deltas.
 */
const LOCAL_RAW_BYTES = 4 << 10;

/** A tree of about 200 entries. On a disk reading it costs next to nothing, and it is not kept. */
const ANCHOR_BYTES = 8 << 10;

export const DEFAULT_COMMITTER = { name: 'Kittiwake', email: 'kittiwake@localhost' };

/** Opens a wiki's repository. Reads nothing until it is used. */
export function openRepository(options: RepositoryOptions): LedgerRepository {
  return new LedgerRepository(options);
}

/**
 * Gives birth to an empty wiki.
 * @throws KittiwakeError `object_exists` when its ledger is there already
 */
export async function createLedger(options: {
  store: ByteStore;
  uuid: string;
  runtime: Runtime;
}): Promise<void> {
  const { store, uuid, runtime } = options;
  const swap = createSwap({ store, key: ledgerKey(uuid), format: ledgerFormat, runtime });
  await swap.create(emptyLedger({ uuid, seq: 0, nonce: randomId(runtime) }));
}

/** A repository on one ledger; what upkeep, `doctor` and `export` need is open to them. */
export class LedgerRepository implements Repository {
  readonly uuid: string;
  readonly store: ByteStore;
  readonly runtime: Runtime;
  readonly packs: PackStore;
  readonly trees: TreeStore;
  readonly swap: Swap<Ledger>;
  readonly flusher: Flusher;
  readonly describe: Describe;
  readonly isPage: RepositoryOptions['isPage'];
  readonly #maxAgeMs: number;
  readonly #identify: () => Promise<string | undefined>;
  /** To be called after each commit. */
  readonly onCommit: () => void;
  readonly committer: { name: string; email: string };
  readonly #views = new WeakMap<Ledger, LedgerView>();
  readonly #lower = new WeakMap<readonly PackRef[], Layers>();
  readonly #viewEnv: ViewEnvironment;
  readonly #intentEnv: IntentEnvironment;

  constructor(options: RepositoryOptions) {
    const { store, uuid, runtime } = options;
    this.uuid = uuid;
    this.store = store;
    this.runtime = runtime;
    this.#maxAgeMs = options.maxAgeMs ?? 0;
    this.#identify = async () => await options.identify?.();
    this.onCommit = () => options.onCommit?.();
    this.committer = options.committer ?? DEFAULT_COMMITTER;
    this.packs = new PackStore({ store, uuid, blocks: new BlockCache(options.blockCacheBytes ?? 64 << 20) });
    this.trees = new TreeStore(this.packs);
    this.describe = options.describe ?? (() => undefined);
    this.isPage = options.isPage;
    const policy = options.flush === undefined ? DEFAULT_FLUSH : options.flush;
    this.flusher = new Flusher({
      repository: this,
      policy,
      aside: options.local ?? false,
      onError: error => options.onFlushError?.(error),
    });
    const hooks = {
      beside: (value: Ledger) => this.flusher.beside(value),
      fold: (value: Ledger) => this.flusher.fold(value),
    };
    this.swap = createSwap({
      store,
      key: ledgerKey(uuid),
      format: ledgerFormat,
      runtime,
      hooks,
      local: options.local ?? false,
      early: options.early,
      causes: options.causes,
    });
    this.#viewEnv = {
      blobs: new BlobStore(this.packs, this.describe),
      trees: this.trees,
      tables: new DescribedTables(),
      lower: ledger => this.#layersOf(ledger.packs),
      together: ask => this.packs.together(ask),
      holdsGone: (prefix, ledger) => this.#holdsGone(prefix, ledger),
      isPage: options.isPage,
    };
    this.#intentEnv = {
      runtime,
      committer: this.committer,
      trees: this.trees,
      ...(options.local ? { rawBytes: LOCAL_RAW_BYTES } : { anchorBytes: ANCHOR_BYTES }),
      keepBlob: (oid, bytes) => this.packs.keep(oid, { type: 'blob', bytes }),
      view: ledger => this.viewOf(ledger),
      isPage: options.isPage,
      holdsGone: (prefix, ledger) => this.#holdsGone(prefix, ledger),
      record: (key, ledger) => this.#record(key, ledger),
    };
  }

  /** @throws KittiwakeError `wiki_absent`, `wiki_lost` */
  async view(options: { maxAgeMs?: number } = {}): Promise<LedgerView> {
    return this.viewOf(await this.ledger(options.maxAgeMs));
  }

  /** The newest ledger, confirmed no longer than `maxAgeMs` ago. @throws KittiwakeError `wiki_absent`, `wiki_lost` */
  async ledger(maxAgeMs = this.#maxAgeMs): Promise<Ledger> {
    const held = await this.#explained(this.swap.read(maxAgeMs));
    if (!held) throw await this.#absence();
    return held.value;
  }

  viewOf(ledger: Ledger): LedgerView {
    const known = this.#views.get(ledger);
    if (known) return known;
    const view = new LedgerView(ledger, this.#viewEnv);
    this.#views.set(ledger, view);
    return view;
  }

  async commit<R>(request: CommitRequest<R>): Promise<Committed<R>> {
    const { packs, runtime } = this;
    const large = new LargeBlobs({ packs, runtime });
    const requestId = randomId(runtime);
    const made = await this.#submit(new CommitIntent({ request, requestId, env: this.#intentEnv, large }));
    this.onCommit();
    return made;
  }

  async policy(options: { maxAgeMs?: number } = {}): Promise<unknown> {
    return (await this.view(options)).policy;
  }

  async changePolicy<R>(change: PolicyChange<R>, options: { deadlineMs?: number } = {}): Promise<R> {
    const { PolicyIntent } = await import('./policy/policy-intent.ts');
    const { runtime } = this;
    const viewOf = (ledger: Ledger) => this.viewOf(ledger);
    const { result } = await this.#submit(new PolicyIntent({ change, runtime, viewOf, ...options }));
    return result;
  }

  async largeFiles(): Promise<LargeFiles> {
    const { createLargeFiles } = await import('./large/large-files.ts');
    return createLargeFiles(this);
  }

  /** Changes the ledger itself: flushes, merges, collections. */
  amend<R>(intent: Intent<Ledger, R>): Promise<R> {
    return this.#submit(intent);
  }

  #submit<R>(intent: Intent<Ledger, R>): Promise<R> {
    return this.#explained(this.swap.submit(intent));
  }

  /** Says of a ledger that is not there what that means for the wiki. */
  async #explained<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (isKittiwakeError(error, 'object_absent')) throw await this.#absence();
      if (isKittiwakeError(error, 'object_lost')) throw (await this.#replacement()) ?? error;
      throw error;
    }
  }

  async #absence(): Promise<KittiwakeError> {
    const replacement = await this.#replacement();
    if (replacement) return replacement;
    const { objects } = await this.store.list(`packs/${this.uuid}/`, { limit: 1 });
    return objects.length > 0 ? wikiLost(this.uuid, this.store.location) : wikiAbsent(this.uuid);
  }

  /** When the name stands for another wiki by now. */
  async #replacement(): Promise<KittiwakeError | undefined> {
    // What cannot be told now changes nothing about the ledger that is not there.
    const uuid = await this.#identify().catch(() => undefined);
    const isOther = uuid !== undefined && uuid !== this.uuid;
    return isOther ? objectReplaced(ledgerKey(this.uuid), this.uuid, uuid) : undefined;
  }

  #layersOf(packs: readonly PackRef[]): Layers {
    const known = this.#lower.get(packs);
    if (known) return known;
    const layers = new Layers(this.packs.layers(packs));
    this.#lower.set(packs, layers);
    return layers;
  }

  /** Whether a commit that was replaced begins with `prefix`. */
  async #holdsGone(prefix: string, { gone }: Ledger): Promise<boolean> {
    if (!gone) return false;
    const { holdsGone } = await import('./purge/gone-list.ts');
    return holdsGone(prefix, gone, (start, end) => this.packs.read(gone.name, 'gone', start, end));
  }

  async #record(key: string, ledger: Ledger): Promise<IdempotencyRecord | undefined> {
    const recent = ledger.journal.record(key);
    const found = recent ?? (await this.#flushedRecord(key, ledger));
    const since = Math.floor(this.runtime.now() / 1000) - RECORD_SECONDS;
    return found && found.seconds > since ? found : undefined;
  }

  async #flushedRecord(key: string, ledger: Ledger): Promise<IdempotencyRecord | undefined> {
    const found = await Promise.all(
      ledger.keySegments.map(({ name, count }) =>
        findRecord(key, count, (start, end) => this.packs.read(name, 'keys', start, end)),
      ),
    );
    return found.find(record => record !== undefined);
  }
}

import { isKittiwakeError } from '../core/errors.ts';
import { Lru } from '../core/lru.ts';
import type { Runtime } from '../core/runtime.ts';
import type { ByteStore, GetOutcome, Version } from '../storage/byte-store.ts';
import { lookUpsLimited, tenantAbsent, tenantUnreadable, wikiSuspended } from './errors.ts';
import { type TenantState, tenantFormat, tenantKey } from './tenant-record.ts';

export interface TenantDirectoryOptions {
  store: () => Promise<ByteStore>;
  runtime: Runtime;
  /** For so long a record is not asked for again. Default 5,000. */
  freshMs?: number;
  /** For so long it counts while it is asked for again. Default 30,000. */
  staleMs?: number;
  /** For so long a name that stands for nothing is not asked for again. Default 5,000. */
  absentMs?: number;
  /** How many names are kept. Default 10,000. */
  maxNames?: number;
  /** Look-ups of names that stood for nothing when they were last asked for, or never were: so many at once. Default 100. */
  maxUnknown?: number;
  /** And so many a second beside. Default 10. */
  unknownPerSecond?: number;
  /** Told of a wiki that is no longer served under its name. Default: nobody is. */
  onGone?(tenant: Tenant): void;
}

/** A wiki that is served under its name. */
export interface Tenant {
  name: string;
  uuid: string;
}

export interface Found {
  tenant: Tenant;
  /** The record is asked for again beside the request. Never rejects. */
  refreshing: Promise<void> | undefined;
}

interface Entry {
  /** Undefined: the name stands for nothing. */
  uuid: string | undefined;
  state: TenantState | undefined;
  version: Version | undefined;
  /** When it was asked for, in runtime milliseconds. */
  askedMs: number;
}

/**
 * Which wiki a name stands for, as far as this process knows. What others change is seen after `staleMs` at the latest; what this
 * process changes is forgotten at once.
 */
export class TenantDirectory {
  readonly #store: () => Promise<ByteStore>;
  readonly #runtime: Runtime;
  readonly #times: { freshMs: number; staleMs: number; absentMs: number };
  readonly #entries: Lru<string, Entry>;
  readonly #asking = new Map<string, Promise<Entry>>();
  readonly #unknown: Allowance;
  readonly #onGone: (tenant: Tenant) => void;

  constructor(options: TenantDirectoryOptions) {
    const { freshMs = 5_000, staleMs = 30_000, absentMs = 5_000, maxNames = 10_000 } = options;
    this.#store = options.store;
    this.#runtime = options.runtime;
    this.#times = { freshMs, staleMs, absentMs };
    this.#entries = new Lru(maxNames);
    this.#unknown = new Allowance(options.maxUnknown ?? 100, options.unknownPerSecond ?? 10);
    this.#onGone = tenant => options.onGone?.(tenant);
  }

  /**
   * The wiki that is served under a name; a promise where the store has to be asked.
   * @throws KittiwakeError `tenant_absent`, `wiki_suspended`, `rate_limited`, `wiki_name_unreadable`, those of
   * {@link ByteStore.get}
   */
  find(name: string): Found | Promise<Found> {
    const entry = this.#entries.get(name);
    const ageMs = entry === undefined ? 0 : this.#runtime.now() - entry.askedMs;
    const { freshMs, staleMs, absentMs } = this.#times;
    if (entry === undefined || ageMs >= (entry.uuid === undefined ? absentMs : staleMs)) {
      return this.#ask(name, entry).then(asked => ({ tenant: served(name, asked), refreshing: undefined }));
    }
    const tenant = served(name, entry);
    return { tenant, refreshing: ageMs < freshMs ? undefined : this.#refresh(name, entry) };
  }

  /** To be called when the record has changed, or may have: the next look-up asks the store. */
  forget(name: string): void {
    this.#entries.delete(name);
    this.#asking.delete(name);
  }

  async #refresh(name: string, entry: Entry): Promise<void> {
    // What fails counts until it is too old.
    await this.#ask(name, entry).catch(() => undefined);
  }

  /** Those who ask at once share the answer. */
  #ask(name: string, known: Entry | undefined): Promise<Entry> {
    const underWay = this.#asking.get(name);
    if (underWay) return underWay;
    const asking = this.#look(name, known).then(entry => {
      // What was forgotten meanwhile may be older than what made it be forgotten.
      if (this.#asking.get(name) === asking) this.#entries.set(name, entry, 1);
      const uuid = known?.uuid;
      if (uuid !== undefined && (entry.uuid !== uuid || entry.state !== 'active'))
        this.#onGone({ name, uuid });
      return entry;
    });
    this.#asking.set(name, asking);
    const done = () => {
      if (this.#asking.get(name) === asking) this.#asking.delete(name);
    };
    asking.then(done, done);
    return asking;
  }

  async #look(name: string, known: Entry | undefined): Promise<Entry> {
    const askedMs = this.#runtime.now();
    const isUnknown = known?.uuid === undefined;
    if (isUnknown) this.#unknown.take(askedMs);
    const { version } = known ?? {};
    const outcome = await this.#read(name, version);
    if (outcome.kind === 'unchanged' && known) return { ...known, askedMs };
    if (outcome.kind !== 'found') return { uuid: undefined, state: undefined, version: undefined, askedMs };
    if (isUnknown) this.#unknown.giveBack();
    return { ...decoded(name, outcome.bytes), version: outcome.version, askedMs };
  }

  async #read(name: string, version: Version | undefined): Promise<GetOutcome> {
    const store = await this.#store();
    try {
      return await store.get(tenantKey(name), version === undefined ? {} : { ifNoneMatch: version });
    } catch (error) {
      // What is absent is denied to those who may not list.
      if (version === undefined && isKittiwakeError(error, 'storage_denied')) return { kind: 'absent' };
      throw error;
    }
  }
}

function decoded(name: string, bytes: Buffer): { uuid: string; state: TenantState } {
  try {
    const { stamp, body } = tenantFormat.decode(bytes);
    if (!/^[0-9a-f]{32}$/.test(stamp.uuid)) throw new TypeError('It holds no uuid');
    return { uuid: stamp.uuid, state: body.state };
  } catch (error) {
    throw tenantUnreadable(name, error);
  }
}

function served(name: string, { uuid, state }: Entry): Tenant {
  if (uuid === undefined || state === undefined) throw tenantAbsent();
  if (state === 'suspended') throw wikiSuspended();
  if (state !== 'active') throw tenantAbsent();
  return { name, uuid };
}

/** So many at once, and so many a second beside. */
class Allowance {
  readonly #most: number;
  readonly #perSecond: number;
  #left: number;
  #sinceMs = 0;

  constructor(most: number, perSecond: number) {
    this.#most = most;
    this.#perSecond = perSecond;
    this.#left = most;
  }

  /** @throws KittiwakeError `rate_limited` */
  take(nowMs: number): void {
    const gained = (Math.max(0, nowMs - this.#sinceMs) * this.#perSecond) / 1000;
    this.#left = Math.min(this.#most, this.#left + gained);
    this.#sinceMs = nowMs;
    if (this.#left < 1) throw lookUpsLimited(1000 / this.#perSecond);
    this.#left -= 1;
  }

  giveBack(): void {
    this.#left = Math.min(this.#most, this.#left + 1);
  }
}

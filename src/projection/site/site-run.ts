import { type Runtime, randomId } from '../../core/runtime.ts';
import { isSame } from '../cursors.ts';
import { projectionLate } from '../errors.ts';
import type { Cursor } from '../projection.ts';
import type { Counts } from '../runnable.ts';
import { type Failure, withOutcomes } from '../state/set-aside.ts';
import type { StateDocument } from '../state/state-document.ts';
import { siteAddressUnusable } from './errors.ts';
import { siteUrl } from './site-key.ts';
import {
  CLAIM_MS,
  type Claim,
  isContested,
  type SiteState,
  type State,
  type Tombstone,
} from './site-state.ts';
import type { SiteView } from './site-view.ts';
import { type WriteContext, type Written, writeObject } from './write-object.ts';

/** Another run has gone further: this one begins anew, from what is there by now. */
export class Superseded extends Error {}

/** Objects that are made at the same time. */
const AT_ONCE = 16;
/** Addresses that are kept: with as many, caches are told to forget everything. */
const MAX_STALE = 101;

export interface SiteRunOptions {
  document: StateDocument<SiteState>;
  store: WriteContext['store'];
  prefix: string;
  runtime: Runtime;
  site: SiteView;
  to: Cursor;
  /** As it was read before the view was asked for. */
  state: State;
  /** Claims of earlier attempts of this run. */
  mine: Set<string>;
  /** Whether caches are to be told of changes. */
  tellsCaches: boolean;
  deadlineMs: number;
}

/** What a step changes of the state, besides claims. */
export type Progress = Partial<Pick<SiteState, 'upTo' | 'variant' | 'checkedMs'>> & { cursor?: Cursor };

/**
 * One attempt to bring the site to one version of the wiki. It rests on the state that it read first: a swap of the state by
 * another run that has another aim ends it. So what is written is never older than what was there.
 */
export class SiteRun {
  readonly counts = { site_checked: 0, site_written: 0, site_deleted: 0 };
  readonly #options: SiteRunOptions;
  readonly #target: string;
  readonly #known: ReadonlySet<string>;
  /** Keys that calls which were given up may still change. */
  readonly #doubted = new Set<string>();
  #base: State;

  constructor(options: SiteRunOptions) {
    this.#options = options;
    this.#target = `${options.to.head ?? ''} ${options.site.variant}`;
    this.#known = new Set(options.state.own.claims.map(({ id }) => id));
    this.#base = options.state;
  }

  /** The state as this run has last read or written it. */
  get state(): State {
    return this.#base;
  }

  get result(): Counts {
    return { ...this.counts };
  }

  /** Moves on without writing objects. @throws Superseded */
  async move(progress: Progress): Promise<void> {
    await this.#change(state => withProgress(state, progress));
  }

  /**
   * Brings objects to what they should be, claimed before and accounted for afterwards.
   * @param adopted claims of other runs whose keys are among these: they are dropped when their runs can write nothing more
   * @throws Superseded; KittiwakeError `deadline_exceeded`; those of the store
   */
  async settle(keys: readonly string[], progress: Progress, adopted: readonly Claim[] = []): Promise<void> {
    const { runtime, mine } = this.#options;
    const id = randomId(runtime);
    const claim: Claim = { id, target: this.#target, keys, sinceMs: runtime.now(), isOver: false };
    mine.add(id);
    await this.#change(state => withClaims(this.#withoutCovered(state, claim), [claim]));
    this.#doubted.clear();
    const written = await this.#write(keys).catch(async (error: unknown) => {
      await this.#giveUp(id);
      throw error;
    });
    const doubt = this.#doubt();
    const accounted = (state: State) => withClaims(this.#accounted(state, written, adopted), doubt);
    await this.#change(state => withProgress(accounted(state), progress));
  }

  async #write(keys: readonly string[]): Promise<Map<string, Written>> {
    const written = new Map<string, Written>();
    const left = [...keys];
    const context = this.#context();
    const worker = async () => {
      for (let key = left.shift(); key !== undefined; key = left.shift()) {
        if (this.#options.runtime.now() >= this.#options.deadlineMs) throw projectionLate('site');
        written.set(key, await writeObject(key, context));
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    for (const each of workers) if (each.status === 'rejected') throw each.reason;
    return written;
  }

  #context(): WriteContext {
    const { store, runtime, site, prefix } = this.#options;
    return {
      store,
      runtime,
      site,
      prefix,
      isContested: key => isContested(this.#base.own, key, this.#target, runtime.now()),
      checkNewest: async () => {
        if (!this.#isStill(await this.#options.document.read())) throw new Superseded();
      },
      doubt: key => this.#doubted.add(key),
    };
  }

  #accounted(state: State, written: ReadonlyMap<string, Written>, adopted: readonly Claim[]): State {
    const { runtime, site, tellsCaches, mine } = this.#options;
    const nowMs = runtime.now();
    const isDone = ({ id, isOver, sinceMs }: Claim) =>
      mine.has(id) || (adopted.some(each => each.id === id) && (isOver || sinceMs + CLAIM_MS < nowMs));
    const { claims, tombstones, uses, stale } = state.own;
    const changed = [...written].filter(([, { outcome }]) => outcome !== 'same').map(([key]) => key);
    for (const { outcome } of written.values()) {
      this.counts.site_checked += 1;
      if (outcome === 'written') this.counts.site_written += 1;
      else if (outcome !== 'same') this.counts.site_deleted += 1;
    }
    // Whoever died after writing could not tell what it wrote.
    const unknown = adopted.filter(({ id }) => !mine.has(id)).flatMap(({ keys }) => keys);
    const own = {
      claims: claims.filter(claim => !isDone(claim)),
      tombstones: buried(tombstones, written, nowMs),
      uses: usesAfter(uses, written, site),
      stale: tellsCaches ? staleAfter(stale, [...changed, ...unknown]) : [],
    };
    return withOutcomes(withOwn(state, own), outcomes(written, site, state), runtime);
  }

  /** Changes the state, unless another run has. */
  async #change(change: (state: State) => State): Promise<void> {
    const next = await this.#options.document.change<{ state: State | null }>(state => {
      if (!this.#isStill(state)) return { result: { state: null } };
      const changed = change(state);
      return { state: changed, result: { state: changed } };
    });
    if (next.state === null) throw new Superseded();
    this.#base = next.state;
  }

  #isStill(state: State): boolean {
    const { cursor, own } = this.#base;
    const isUnmoved =
      isSame(state.cursor ?? undefined, cursor ?? undefined) &&
      state.own.variant === own.variant &&
      state.own.upTo === own.upTo;
    const { mine } = this.#options;
    return (
      isUnmoved &&
      state.own.claims.every(
        ({ id, target }) => target === this.#target || mine.has(id) || this.#known.has(id),
      )
    );
  }

  /** Of runs that die at the same place again and again one claim is left. */
  #withoutCovered(state: State, { keys, sinceMs }: Claim): State {
    const claimed = new Set(keys);
    const isCovered = (claim: Claim) =>
      (claim.isOver || claim.sinceMs + CLAIM_MS < sinceMs) && claim.keys.every(key => claimed.has(key));
    const { claims, stale } = state.own;
    const covered = claims.filter(isCovered).flatMap(claim => claim.keys);
    return withOwn(state, {
      claims: claims.filter(claim => !isCovered(claim)),
      stale: this.#options.tellsCaches ? staleAfter(stale, covered) : stale,
    });
  }

  /** What may come late is claimed, and looked at by every run, as long as it may come. */
  #doubt(): Claim[] {
    if (this.#doubted.size === 0) return [];
    const { runtime } = this.#options;
    const keys = [...this.#doubted].sort();
    return [{ id: randomId(runtime), target: this.#target, keys, sinceMs: runtime.now(), isOver: false }];
  }

  /** So that nobody waits for it. What fails here leaves the claim open, which costs a little time. */
  async #giveUp(id: string): Promise<void> {
    const doubt = this.#doubt();
    const over = (state: State) => {
      const claims = state.own.claims.map(claim => (claim.id === id ? { ...claim, isOver: true } : claim));
      return withClaims(withOwn(state, { claims }), doubt);
    };
    await this.#options.document.change(state => ({ state: over(state), result: null })).catch(() => {});
  }
}

function withOwn(state: State, own: Partial<SiteState>): State {
  return { ...state, own: { ...state.own, ...own } };
}

function withClaims(state: State, claims: readonly Claim[]): State {
  return withOwn(state, { claims: [...state.own.claims, ...claims] });
}

function withProgress(state: State, { cursor, ...own }: Progress): State {
  return withOwn({ ...state, ...(cursor === undefined ? {} : { cursor }) }, own);
}

function buried(
  tombstones: readonly Tombstone[],
  written: ReadonlyMap<string, Written>,
  nowMs: number,
): Tombstone[] {
  const kept = tombstones.filter(({ key }) => {
    const outcome = written.get(key)?.outcome;
    return outcome === undefined || outcome === 'buried';
  });
  const known = new Set(kept.map(({ key }) => key));
  const fresh = [...written].filter(([key, { outcome }]) => outcome === 'buried' && !known.has(key));
  return [...kept, ...fresh.map(([key]) => ({ key, sinceMs: nowMs }))];
}

function usesAfter(
  uses: SiteState['uses'],
  written: ReadonlyMap<string, Written>,
  { uses: fresh, table }: SiteView,
): SiteState['uses'] {
  const after = new Map(Object.entries(uses));
  for (const key of written.keys()) {
    const file = fileOfKey(key);
    if (file !== undefined && table.find(file) === undefined) after.delete(file);
  }
  for (const [file, files] of fresh) {
    if (files.length === 0) after.delete(file);
    else after.set(file, files);
  }
  return Object.fromEntries(after);
}

/** File of the page with this key; of the home page none. */
function fileOfKey(key: string): string | undefined {
  const url = key.startsWith('p/') ? siteUrl(key) : undefined;
  return url === undefined || url === '' ? undefined : `${url}.md`;
}

/** Pages that could not be made, or have no address, are set aside until that changes. */
function outcomes(written: ReadonlyMap<string, Written>, { home, table }: SiteView, { setAside }: State) {
  const failed: Failure[] = [];
  const done: string[] = [];
  for (const [key, { failure }] of written) {
    const item = fileOfKey(key) ?? (key === 'p/.html' ? home : undefined);
    if (item === undefined) continue;
    if (failure === undefined) done.push(item);
    else failed.push({ item, error: failure });
  }
  const known = new Set(setAside.map(({ item }) => item));
  const unaddressed = new Set(table.unaddressed);
  for (const item of unaddressed)
    if (!known.has(item)) failed.push({ item, error: siteAddressUnusable(item) });
  for (const item of known) if (!unaddressed.has(item) && table.find(item) === undefined) done.push(item);
  return { failed, done };
}

function staleAfter(stale: readonly string[], keys: readonly string[]): string[] {
  return [...new Set([...stale, ...keys.map(key => siteUrl(key) ?? '')])].slice(0, MAX_STALE);
}

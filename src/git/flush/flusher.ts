import type { Runtime } from '../../core/runtime.ts';
import type { Intent, Swap } from '../../swap/swap.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PackStore } from '../view/pack-store.ts';
import type { TreeStore } from '../view/tree-store.ts';
import type { LedgerView } from '../view/view.ts';
import type { Flushed, FlushPolicy } from './flush.ts';
import { applyFlush, flushDue, isApplied } from './flush.ts';
import { Pauses } from './pauses.ts';

/** What a flusher needs of its repository. */
export interface FlushHost {
  readonly packs: PackStore;
  readonly runtime: Runtime;
  readonly trees: TreeStore;
  readonly swap: Swap<Ledger>;
  view(options: { maxAgeMs: number }): Promise<LedgerView>;
  viewOf(ledger: Ledger): LedgerView;
  amend<R>(intent: Intent<Ledger, R>): Promise<R>;
}

/** Most processes end before their first flush, so that its code is loaded by it. */
const writing = () => import('./write-flush.ts');

/** A flush that goes on over several swaps is waited for once the journal is so many times larger than its bound. */
const BACKLOG = 4;

/**
 * Flushes the journal in the shadow of ordinary swaps: when a flush is due, its pack is written beside the next swap,
 * and the swap after that lists it. Nothing waits longer than for the slower of the two writes. A process that stays up
 * may let swaps and answers go on meanwhile (`aside`): the flush then takes over what was in the journal at its start.
 */
export class Flusher {
  readonly #repository: FlushHost;
  readonly #policy: FlushPolicy | null;
  readonly #aside: boolean;
  #flushed: Flushed | undefined;
  #writing: Promise<void> | undefined;
  /** Flushes under way that were asked for: no other begins meanwhile. */
  #asked = 0;
  /** The last failure of a flush beside a swap; the swaps went on. */
  lastError: unknown;
  readonly #onError: (error: unknown) => void;

  constructor(options: {
    repository: FlushHost;
    policy: FlushPolicy | null;
    aside: boolean;
    /** Gets each failure of a flush beside a swap that is not like the one before it. */
    onError: (error: unknown) => void;
  }) {
    this.#repository = options.repository;
    this.#policy = options.policy;
    this.#aside = options.aside;
    this.#onError = options.onError;
  }

  /** Writes the pack of the acknowledged journal while `next` is being put. */
  beside(next: Ledger): Promise<void> | undefined {
    const held = this.#repository.swap.held()?.value;
    if (!held || !this.#policy || this.#flushed || this.#asked > 0) return undefined;
    if (this.#writing) {
      const late = this.#aside && next.journal.byteLength > BACKLOG * this.#policy.maxBytes;
      return late ? this.#writing : undefined;
    }
    if (!flushDue(held, this.#policy) || held.journal.base.trims !== next.journal.base.trims)
      return undefined;
    const writing = this.#write(held).finally(() => {
      this.#writing = undefined;
    });
    this.#writing = writing;
    return this.#aside ? undefined : writing;
  }

  async #write(ledger: Ledger): Promise<void> {
    const { packs, trees, runtime } = this.#repository;
    const pauses = this.#aside ? { pauses: new Pauses(runtime) } : {};
    try {
      const { writeFlush } = await writing();
      this.#flushed = await writeFlush(this.#repository.viewOf(ledger), { packs, trees, runtime, ...pauses });
      this.lastError = undefined;
    } catch (error) {
      const known = this.lastError !== undefined && gist(this.lastError) === gist(error);
      this.lastError = error;
      if (!known) this.#onError(error);
    }
  }

  fold(ledger: Ledger): Ledger {
    const flushed = this.#flushed;
    if (!flushed) return ledger;
    const next = applyFlush(ledger, flushed, this.#nowSeconds());
    // Not for this ledger: another process flushed, and the pack is an orphan for the next collection.
    if (next === ledger) this.#flushed = undefined;
    return next;
  }

  /** Flushes now, whatever the policy says. Resolves with false when there was nothing to flush. */
  async flush(): Promise<boolean> {
    this.#asked += 1;
    try {
      await this.#writing;
      // What lies ready stands for less, and would be folded in before: its pack is an orphan.
      this.#flushed = undefined;
      return await this.#flushAll();
    } finally {
      this.#asked -= 1;
    }
  }

  async #flushAll(): Promise<boolean> {
    const view = await this.#repository.view({ maxAgeMs: 0 });
    const { writeFlush } = await writing();
    const flushed = await writeFlush(view, this.#repository);
    if (!flushed) return false;
    return this.#repository.amend({
      apply: async current => {
        const value = applyFlush(current, flushed, this.#nowSeconds());
        return value === current ? { kind: 'keep', result: false } : { kind: 'change', value, result: true };
      },
      settle: async current => (isApplied(current, flushed) ? true : undefined),
    });
  }

  #nowSeconds(): number {
    return Math.floor(this.#repository.runtime.now() / 1000);
  }
}

/** The message without the random names in it. */
function gist(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/[0-9a-f]{32}/g, '');
}

import type { Runtime } from '../../core/runtime.ts';
import type { Intent, Swap } from '../../swap/swap.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PackStore } from '../view/pack-store.ts';
import type { TreeStore } from '../view/tree-store.ts';
import type { LedgerView } from '../view/view.ts';
import type { Flushed, FlushPolicy } from './flush.ts';
import { applyFlush, flushDue, isApplied, writeFlush } from './flush.ts';

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

/**
 * Flushes the journal in the shadow of ordinary swaps: when a flush is due, its pack is written beside the next swap,
 * and the swap after that lists it. Nothing waits longer than for the slower of the two writes.
 */
export class Flusher {
  readonly #repository: FlushHost;
  readonly #policy: FlushPolicy | null;
  #flushed: Flushed | undefined;
  #writing = false;
  /** The last failure of a flush beside a swap; the swaps went on. */
  lastError: unknown;
  readonly #onError: (error: unknown) => void;

  constructor(options: {
    repository: FlushHost;
    policy: FlushPolicy | null;
    /** Gets each failure of a flush beside a swap that is not like the one before it. */
    onError: (error: unknown) => void;
  }) {
    this.#repository = options.repository;
    this.#policy = options.policy;
    this.#onError = options.onError;
  }

  /** Writes the pack of the acknowledged journal while `next` is being put. */
  beside(next: Ledger): Promise<void> | undefined {
    const held = this.#repository.swap.held()?.value;
    if (!held || !this.#policy || this.#flushed || this.#writing || !flushDue(held, this.#policy))
      return undefined;
    if (held.journal.base.trims !== next.journal.base.trims) return undefined;
    return this.#write(held);
  }

  async #write(ledger: Ledger): Promise<void> {
    this.#writing = true;
    try {
      this.#flushed = await writeFlush(this.#repository.viewOf(ledger), this.#repository);
      this.lastError = undefined;
    } catch (error) {
      const known = this.lastError !== undefined && gist(this.lastError) === gist(error);
      this.lastError = error;
      if (!known) this.#onError(error);
    } finally {
      this.#writing = false;
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
    const view = await this.#repository.view({ maxAgeMs: 0 });
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

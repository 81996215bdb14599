import { RECORD_SECONDS } from '../ledger/key-segment.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import type { FlushedKeys } from './flush-keys.ts';

/** When a journal is flushed: at `minBytes` and `minSwaps`, or at `maxBytes` alone. */
export interface FlushPolicy {
  minBytes: number;
  minSwaps: number;
  maxBytes: number;
}

export const DEFAULT_FLUSH: FlushPolicy = { minBytes: 64 << 10, minSwaps: 32, maxBytes: 1 << 20 };

/** What is stored but not listed yet, and which entries of which journal it stands for. */
export interface Flushed {
  /** Absent: the entries were idempotency records alone. */
  pack: PackRef | undefined;
  /** Packs of single large blobs that the entries brought. */
  large: readonly PackRef[];
  keys: FlushedKeys | undefined;
  /** {@link JournalBase.trims} of the journal. */
  trims: number;
  /** {@link Ledger.collections} when it was stored. */
  collections: number;
  count: number;
}

/** True when the policy asks for a flush. */
export function flushDue(ledger: Ledger, policy: FlushPolicy): boolean {
  const { byteLength, base } = ledger.journal;
  const swaps = ledger.stamp.seq - base.seq;
  return byteLength >= policy.maxBytes || (byteLength >= policy.minBytes && swaps >= policy.minSwaps);
}

/**
 * The ledger with a flush taken over: the pack listed, the journal trimmed. The ledger itself when the flush is not for
 * it: another process flushed first, or a collection condemned the pack.
 */
export function applyFlush(ledger: Ledger, flushed: Flushed, nowSeconds: number): Ledger {
  const { journal } = ledger;
  const condemned = new Set(ledger.condemned.map(each => each.name));
  const packs = [...(flushed.pack ? [flushed.pack] : []), ...flushed.large];
  const names = [...packs.map(pack => pack.name), ...(flushed.keys ? [flushed.keys.segment.name] : [])];
  if (names.some(name => condemned.has(name)) || ledger.collections !== flushed.collections) return ledger;
  if (journal.base.trims !== flushed.trims || journal.count < flushed.count) return ledger;
  const replaced = new Set(flushed.keys?.replaced);
  const kept = ledger.keySegments.filter(
    ({ name, newest }) => !replaced.has(name) && newest > nowSeconds - RECORD_SECONDS,
  );
  return {
    ...ledger,
    packs: packs.length > 0 ? [...packs, ...ledger.packs] : ledger.packs,
    keySegments: flushed.keys ? [flushed.keys.segment, ...kept] : kept,
    journal: journal.dropFirst(flushed.count, ledger.stamp.seq),
  };
}

/** True when the ledger shows that the flush was taken over. */
export function isApplied(ledger: Ledger, { pack, keys, trims }: Flushed): boolean {
  if (pack) return ledger.packs.some(({ name }) => name === pack.name);
  if (keys) return ledger.keySegments.some(({ name }) => name === keys.segment.name);
  return ledger.journal.base.trims !== trims;
}

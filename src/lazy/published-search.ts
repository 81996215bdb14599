import { existsSync } from 'node:fs';
import { isKittiwakeError } from '../core/errors.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { PublishOutcome, SnapshotSource } from '../projection/published/publish.ts';
import type { SweptIndexes } from '../projection/published/sweep.ts';
import type { SearchIndexOptions } from '../projection/search-index.ts';
import type { Environment } from './environment.ts';

/** What the projection function does for those who have no index. */
export interface Publishing {
  /** Publishes the index if it is at the head of `view`, and if it is time to: see {@link publishIndex}. */
  publish(view: Awaited<ReturnType<LedgerRepository['view']>>): Promise<PublishOutcome>;
  /** Deletes what was replaced or left behind. */
  sweep(): Promise<SweptIndexes>;
}

export interface PublishedSearch {
  repository: LedgerRepository;
  /** Of the index, without that of its tables. */
  variant: string;
  /** The index. */
  file: string;
}

/** For so long an answer that nobody has asked for yet will do. */
const EARLY_MS = 30_000;

/**
 * How an index finds what is published. Where there is none yet, the pointer is asked for at once, so that it comes while the
 * ledger is read.
 */
export function finder(
  { repository, variant, file }: PublishedSearch,
  { log }: Pick<Environment, 'log'>,
): Pick<SearchIndexOptions, 'findPublished' | 'onUnusable'> {
  const { store, uuid, runtime } = repository;
  const find = async () => {
    const { findPublished } = await import('../projection/published/fetch.ts');
    try {
      return await findPublished(store, uuid, await fullVariant(variant));
    } catch (error) {
      // What is absent is denied to those who may not list.
      if (isKittiwakeError(error, 'storage_denied')) return undefined;
      throw error;
    }
  };
  const sentMs = runtime.now();
  let early = existsSync(file) ? undefined : find();
  early?.catch(() => undefined);
  return {
    findPublished() {
      // A function may have slept since; what was published then may be gone.
      const isFresh = runtime.now() - sentMs < EARLY_MS;
      const found = (isFresh && early) || find();
      early = undefined;
      return found;
    },
    onUnusable: error => log.failure('search_snapshot_unused', error),
  };
}

export function createPublishing(
  { repository, variant, file }: PublishedSearch,
  index: SnapshotSource,
): Publishing {
  const { store, uuid, runtime } = repository;
  let isTidy = false;
  return {
    async publish(view) {
      const { publishIndex, removeSnapshots } = await import('../projection/published/publish.ts');
      // A function that runs out of time ends in the midst of it, and its disk stays.
      if (!isTidy) await removeSnapshots(file);
      isTidy = true;
      const state = ({ ledger, head }: typeof view) => ({ seq: ledger.stamp.seq, head: head ?? null });
      return await publishIndex({
        index,
        ledger: state(view),
        newest: async () => state(await repository.view({ maxAgeMs: 0 })),
        ...{ store, uuid, file, runtime },
        variant: await fullVariant(variant),
      });
    },
    async sweep() {
      const { sweepPublished } = await import('../projection/published/sweep.ts');
      return await sweepPublished({ store, uuid, runtime });
    },
  };
}

/** Tables of another release are of no use either. */
async function fullVariant(variant: string): Promise<string> {
  const { searchSchema } = await import('../db/search-schema.ts');
  return `${searchSchema.migrations.at(-1)?.name} ${variant}`;
}

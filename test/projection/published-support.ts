import { onTestFinished } from 'vitest';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { type FetchableIndex, findPublished } from '../../src/projection/published/fetch.ts';
import { type Pointer, readPointer } from '../../src/projection/published/pointer.ts';
import {
  type PublishOptions,
  type PublishOutcome,
  publishIndex,
} from '../../src/projection/published/publish.ts';
import {
  type SweepOptions,
  type SweptIndexes,
  sweepPublished,
} from '../../src/projection/published/sweep.ts';
import type { SearchIndex } from '../../src/projection/search-index.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import { newRepository } from '../support/repository.ts';
import { countedPageText, openIndex, temporaryFile } from './search-support.ts';

/** Who publishes: an index of its own and what it knew when it last looked. */
export interface Publisher {
  index: SearchIndex;
  /** Brings the index to the head; resolves with the state to publish. */
  follow(): Promise<PublishOptions['ledger']>;
  /** Publishes; by default what it follows now. */
  publish(options?: Partial<PublishOptions>): Promise<PublishOutcome>;
}

export interface PublishedBed {
  store: ByteStore;
  wiki: LedgerRepository;
  runtime: Runtime;
  pass(ms: number): void;
  publisher(options?: { store?: ByteStore; variant?: string }): Publisher;
  /** A process without an index of its own; `paths` are the pages that it reads. */
  reader(options?: { variant?: string; file?: string; find?: () => Promise<FetchableIndex | undefined> }): {
    index: SearchIndex;
    paths: string[];
    unusable: unknown[];
  };
  pointer(): Promise<Pointer | undefined>;
  /** What is stored beside the pointer. */
  objects(): Promise<string[]>;
  sweep(options?: Partial<SweepOptions>): Promise<SweptIndexes>;
}

/** A wiki in memory whose index is published there. */
export async function publishedBed(given?: ByteStore): Promise<PublishedBed> {
  let passedMs = 0;
  const runtime: Runtime = { ...systemRuntime, now: () => Date.now() + passedMs };
  const store = given ?? createMemoryByteStore({ runtime });
  const wiki = await newRepository({ store, runtime, describe: createDescribe(DEFAULT_SETTINGS) });
  const { uuid } = wiki;
  const state = async () => {
    const { ledger, head = null } = await wiki.view({ maxAgeMs: 0 });
    return { seq: ledger.stamp.seq, head };
  };
  return {
    ...{ store, wiki, runtime },
    pass: ms => {
      passedMs += ms;
    },
    publisher({ store: own = store, variant = 'v' } = {}) {
      const file = temporaryFile('own.sqlite');
      const index = openIndex({ file, variant, runtime });
      const follow = async () => {
        const ledger = await state();
        await index.catchUp(await wiki.view({ maxAgeMs: 0 }));
        return ledger;
      };
      const publish = async (options: Partial<PublishOptions> = {}) => {
        const ledger = options.ledger ?? (await follow());
        return publishIndex({
          newest: state,
          store: own,
          ...{ index, uuid, variant, file, runtime },
          ...options,
          ledger,
        });
      };
      return { index, follow, publish };
    },
    reader({ variant = 'v', file = temporaryFile('reader.sqlite'), find } = {}) {
      const unusable: unknown[] = [];
      const { pageText, paths } = countedPageText();
      const index = openIndex({
        ...{ file, variant, pageText, runtime },
        findPublished: find ?? (() => findPublished(store, uuid, variant)),
        onUnusable: error => void unusable.push(error),
      });
      onTestFinished(() => index.close());
      return { index, paths, unusable };
    },
    pointer: () => readPointer(store, uuid),
    async objects() {
      const { objects } = await store.list(`search/${uuid}/`);
      return objects.map(({ key }) => key.split('/')[2] ?? '').filter(name => name !== 'current');
    },
    sweep: options => sweepPublished({ store, uuid, runtime, ...options }),
  };
}

import { systemRuntime } from '../../src/core/runtime.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { openStored, type PageFile, storePages } from '../../test/support/stored-wiki.ts';
import { CountingStore } from './counting-store.ts';

/** A wiki on a disk, opened as the server opens it, with its writes counted. */
export interface WikiFolder {
  folder: string;
  uuid: string;
  store: CountingStore;
  repository: LedgerRepository;
}

/** Opens the wiki `uuid` in `folder`, with nothing of it in memory. */
export function openWiki(folder: string, uuid: string, options: { flush?: null } = {}): WikiFolder {
  const store = new CountingStore(createDiskByteStore({ folder, runtime: systemRuntime }));
  return { folder, uuid, store, repository: openStored(store, uuid, { ...options, local: true }) };
}

/** Makes a wiki of these pages, which all come with one commit. Resolves with its uuid. */
export function loadWiki(folder: string, pages: Iterable<PageFile>): Promise<string> {
  return storePages(createDiskByteStore({ folder, runtime: systemRuntime }), pages);
}

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { storePages } from '../../test/support/stored-wiki.ts';
import { manyPages } from './many-pages.ts';
import type { Layout } from './page-layout.ts';

export interface WikiSize {
  pages: number;
  layout: Layout;
  /** Of each page. */
  bytes: number;
}

/**
 * Makes a wiki in a store and resolves with its uuid. With a folder to keep it in it is made there once, and copied from
 * there by later runs.
 */
export async function stageWiki(store: ByteStore, size: WikiSize, kept: string | undefined): Promise<string> {
  const { pages, layout, bytes } = size;
  if (kept === undefined) return await storePages(store, manyPages(pages, layout, bytes));
  const folder = join(kept, `kittiwake-wiki-${layout}-${pages}-${bytes}`);
  const done = join(folder, 'uuid.txt');
  const data = join(folder, 'data');
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(data, { recursive: true });
    writeFileSync(done, await storePages(diskStore(data), manyPages(pages, layout, bytes)));
  }
  await copyAll(diskStore(data), store);
  return readFileSync(done, 'utf8');
}

function diskStore(folder: string): ByteStore {
  return createDiskByteStore({ folder, runtime: systemRuntime });
}

async function copyAll(from: ByteStore, to: ByteStore): Promise<void> {
  let after = '';
  for (let more = true; more; ) {
    const listing = await from.list('', { after });
    for (const { key } of listing.objects) {
      const found = await from.get(key);
      if (found.kind !== 'found') throw new Error(`Copying "${key}" fails: it is ${found.kind}`);
      const { kind } = await to.put(key, [found.bytes], { ifAbsent: true });
      if (kind !== 'stored') throw new Error(`Copying "${key}" ends as "${kind}"`);
      after = key;
    }
    more = listing.more;
  }
}

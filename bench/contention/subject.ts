import { systemRuntime } from '../../src/core/runtime.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { documentFormat, documentIntent, newDocument } from '../../src/swap/document.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import { commitPage, openStored } from '../../test/support/stored-wiki.ts';

/**
 * What is written: pages of a wiki, or a number in a small document. The document takes a tenth of the processor time, so it
 * shows the turns themselves where many processes share few cores.
 */
export type What = 'wiki' | 'document';

/** The one object that all swap. */
export const SWAPPED: Record<What, string> = { wiki: 'ledger/', document: 'documents/' };

/** One process's way to write. */
export interface Subject {
  /** Reads what is there. */
  open(): Promise<unknown>;
  /** Writes once; resolves with an id of what was written. */
  write(name: string): Promise<string>;
}

export function openSubject(what: What, store: ByteStore, uuid: string): Subject {
  if (what === 'document') return countSubject(store, uuid);
  const repository = openStored(store, uuid);
  return {
    open: () => repository.view(),
    write: name => commitPage(repository, `pages/${name.replace(/\..*/, '')}.md`, Buffer.from(`${name}\n`)),
  };
}

function countSubject(store: ByteStore, uuid: string): Subject {
  const swap = openCount(store, uuid);
  const intent = () =>
    documentIntent(systemRuntime, (count: number) => ({ body: count + 1, result: String(count + 1) }));
  return { open: () => swap.read(), write: () => swap.submit(intent()) };
}

/** The document `uuid`, and the number in it. */
export function openCount(store: ByteStore, uuid: string) {
  const format = documentFormat('count 1', Number);
  return createSwap({ store, key: `${SWAPPED.document}${uuid}`, format, runtime: systemRuntime });
}

/** Begins at 0. Resolves with its uuid. */
export async function createCount(store: ByteStore): Promise<string> {
  const document = newDocument(systemRuntime, 0);
  await openCount(store, document.stamp.uuid).create(document);
  return document.stamp.uuid;
}

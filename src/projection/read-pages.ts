import type { Oid } from '../git/object/objects.ts';
import type { View } from '../git/repository.ts';
import type { IndexedPage, PageContent } from './search-store.ts';

/** A file to bring into the index; `oid` null: to take out of it. */
export interface PendingFile {
  path: string;
  oid: Oid | null;
}

/** What is searched of a page. Undefined: the file is no page. */
export type PageText = (
  path: string,
  bytes: Buffer,
) => PageContent | undefined | Promise<PageContent | undefined>;

export interface Batch {
  pages: IndexedPage[];
  /** True for the last one; there is always one. */
  last: boolean;
}

/** Blobs that are read at once. */
const PARALLEL = 16;
const MAX_BATCH_FILES = 256;
/** In UTF-16 units. */
const MAX_BATCH_LENGTH = 4 * 1024 * 1024;

/** Reads files in batches whose size is bounded, in files and in text. */
export async function* readPages(
  view: View,
  files: readonly PendingFile[],
  pageText: PageText,
): AsyncGenerator<Batch> {
  let pages: IndexedPage[] = [];
  let length = 0;
  for (let at = 0; at < files.length; at += PARALLEL) {
    const chunk = files.slice(at, at + PARALLEL);
    for (const page of await Promise.all(chunk.map(file => readPage(view, file, pageText)))) {
      pages.push(page);
      length += page.text?.body.length ?? 0;
    }
    const isFull = pages.length >= MAX_BATCH_FILES || length >= MAX_BATCH_LENGTH;
    if (isFull && at + PARALLEL < files.length) {
      yield { pages, last: false };
      pages = [];
      length = 0;
    }
  }
  yield { pages, last: true };
}

async function readPage(view: View, { path, oid }: PendingFile, pageText: PageText): Promise<IndexedPage> {
  if (oid === null) return { path, oid: '', text: undefined };
  return { path, oid, text: await pageText(path, await view.blob(oid)) };
}

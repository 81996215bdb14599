import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import type { PageText } from '../../src/projection/read-pages.ts';
import {
  createSearchIndex,
  type SearchIndex,
  type SearchIndexOptions,
} from '../../src/projection/search-index.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import { newRepository } from '../support/repository.ts';
import { readPage } from './read-page.ts';

/** Of a new folder that is removed when the running test is over. */
export function temporaryFile(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-projection-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** An index of its own file unless one is given; closed when the running test is over. */
export function openIndex(options: Partial<SearchIndexOptions> = {}): SearchIndex {
  const index = createSearchIndex({
    file: options.file ?? temporaryFile('pages.sqlite'),
    runtime: systemRuntime,
    pageText: readPage,
    ...options,
  });
  onTestFinished(() => index.close());
  return index;
}

/** Counts the files that are read. */
export function countedPageText(): { pageText: PageText; paths: string[] } {
  const paths: string[] = [];
  return {
    paths,
    pageText: (path, bytes) => {
      paths.push(path);
      return readPage(path, bytes);
    },
  };
}

/** A wiki in memory that describes its pages. */
export function newWiki(): Promise<LedgerRepository> {
  return newRepository({ describe: createDescribe(DEFAULT_SETTINGS) });
}

/** Paths of the hits. */
export async function found(index: SearchIndex, wiki: LedgerRepository, query: string): Promise<string[]> {
  const { results } = await index.search(await wiki.view(), query);
  return results.map(({ path }) => path);
}

import { join } from 'node:path';
import type { Runtime } from '../core/runtime.ts';
import type { Repository } from '../git/repository.ts';
import { pageText } from '../wiki/describe.ts';
import { readDocument } from '../wiki/frontmatter.ts';
import type { JsonValue } from '../wiki/json-value.ts';
import { displayName, displayPath, isPageFile } from '../wiki/page-path.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import { decodeText } from '../wiki/text.ts';
import type { PageText } from './read-pages.ts';
import { createSearchIndex, type SearchIndex } from './search-index.ts';
import type { SearchResult } from './search-pages.ts';

/** To be raised when the same file gives another name or text than before. */
const TEXT_VERSION = 1;

export interface PageSearchOptions {
  repository: Pick<Repository, 'view'>;
  /** Holds the index, as `search/pages.sqlite`. Anyone may delete it at any time. */
  folder: string;
  settings: Pick<WikiSettings, 'retainPageNameCase'>;
  runtime: Runtime;
}

/** Search over the pages of one wiki as its readers see them. */
export interface PageSearch {
  /** The projection, for a runner. */
  readonly index: SearchIndex;
  /**
   * All hits, best first; everything committed before the call is taken into account.
   * @throws KittiwakeError those of {@link SearchIndex.search}
   */
  search(query: string): Promise<SearchResult[]>;
  close(): Promise<void>;
}

/** Touches nothing until it is used. */
export function createPageSearch({ repository, folder, settings, runtime }: PageSearchOptions): PageSearch {
  const index = createSearchIndex({
    file: join(folder, 'search', 'pages.sqlite'),
    runtime,
    pageText: createPageText(settings),
    isPage: isPageFile,
    displayPath: path => displayPath(path, settings),
    variant: `${TEXT_VERSION} ${settings.retainPageNameCase ? 'retained' : 'lower'}`,
  });
  return {
    index,
    search: async query => (await index.search(await repository.view(), query)).results,
    close: () => index.close(),
  };
}

/** Name and text as the wiki reads them; files that are not UTF-8 are no pages. */
export function createPageText(settings: Pick<WikiSettings, 'retainPageNameCase'>): PageText {
  return async (path, bytes) => {
    const content = decodeText(bytes);
    if (content === undefined) return undefined;
    const { name, body } = pageText(await readDocument(content), displayName(path, settings));
    return { name: asText(name), body };
  };
}

/** Titles keep their type in other answers; here they are words. */
function asText(name: JsonValue): string {
  return name !== null && typeof name === 'object' ? JSON.stringify(name) : String(name);
}

import type { LedgerRepository } from '../git/open.ts';
import type { Repository } from '../git/repository.ts';
import type { PageSearch } from '../http/services.ts';
import type { Projection } from '../projection/projection.ts';
import type { SearchIndex, SearchIndexOptions } from '../projection/search-index.ts';
import type { Access } from '../wiki/access.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import type { Environment } from './environment.ts';
import type { Publishing } from './published-search.ts';

/** The search of everything, and the projection that it asks. */
export interface LocalSearch extends PageSearch {
  /** The search of what one caller may read. */
  as(access: Access): PageSearch;
  close(): Promise<void>;
  readonly projection: Projection;
  /** Undefined where the store is a folder: who can read that has the index, too. */
  readonly publishing: Publishing | undefined;
}

/** Opens the index that `lazySearch` tells of. */
export async function openSearch(
  environment: Environment,
  wikiId: () => Promise<string>,
  repository: () => Promise<LedgerRepository>,
  settings: WikiSettings,
): Promise<LocalSearch> {
  const { config, runtime, schemaChecks } = environment;
  const [{ createSearchIndex }, { createPublishing, finder }, reading, opened, uuid] = await Promise.all([
    import('../projection/search-index.ts'),
    import('./published-search.ts'),
    pageReading(settings),
    repository(),
    wikiId(),
  ]);
  const file = `${config.data}/search/${uuid}.sqlite`;
  const newestView = () => opened.view({ maxAgeMs: 0 });
  const isRemote = config.store.kind !== 'file';
  const published = { repository: opened, variant: reading.variant, file };
  const index = createSearchIndex({
    file,
    runtime,
    newestView,
    ensureCounts: schemaChecks,
    ...reading,
    ...(isRemote ? finder(published, environment) : {}),
  });
  return {
    search: async (query, range) => index.search(await opened.view(), query, range),
    as: access => searchAs(index, opened, access),
    close: () => index.close(),
    projection: index,
    publishing: isRemote ? createPublishing(published, index) : undefined,
  };
}

/** The search of what one caller may read. */
function searchAs(index: SearchIndex, repository: Repository, access: Access): PageSearch {
  return {
    search: async (query, range) =>
      index.search(await repository.view(), query, range, ({ policy }) => {
        const permits = access(policy);
        return permits.all ? undefined : path => permits.may('read', path);
      }),
  };
}

/** Of a page. An index is made of many at once, and needs several times the memory that they have. */
const MAX_SEARCHED_BYTES = 16 << 20;

/** What of a page is searched, and how it is shown. */
async function pageReading(
  settings: WikiSettings,
): Promise<Pick<SearchIndexOptions, 'isPage' | 'pageText' | 'displayPath'> & { variant: string }> {
  const [{ readDocument }, { pageText }, { displayName, displayPath, isPageFile }, { decodeText }] =
    await Promise.all([
      import('../wiki/markup/frontmatter.ts'),
      import('../wiki/markup/describe.ts'),
      import('../wiki/name/page-path.ts'),
      import('../wiki/markup/text.ts'),
    ]);
  return {
    isPage: isPageFile,
    async pageText(path, bytes) {
      const content = decodeText(beginning(bytes));
      if (content === undefined) return undefined;
      const { name, body } = pageText(await readDocument(content), displayName(path, settings));
      return { name: typeof name === 'string' ? name : JSON.stringify(name), body };
    },
    displayPath: path => displayPath(path, settings),
    variant: `1 ${settings.retainPageNameCase}`,
  };
}

/** Whole lines. */
function beginning(bytes: Buffer): Buffer {
  if (bytes.length <= MAX_SEARCHED_BYTES) return bytes;
  return bytes.subarray(0, bytes.lastIndexOf('\n', MAX_SEARCHED_BYTES - 1) + 1);
}

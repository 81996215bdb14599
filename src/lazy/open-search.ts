import type { LedgerRepository } from '../git/open.ts';
import type { Repository } from '../git/repository.ts';
import type { PageSearch } from '../http/services.ts';
import type { Projection } from '../projection/projection.ts';
import type { Readable } from '../projection/readable-search.ts';
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
  const asked = { index, repository: opened, runtime, displayPath: reading.displayPath };
  return {
    ...searchAs(asked),
    as: access => searchAs(asked, access),
    close: () => index.close(),
    projection: index,
    publishing: isRemote ? createPublishing(published, index) : undefined,
  };
}

interface Asked {
  index: SearchIndex;
  repository: Repository;
  runtime: Environment['runtime'];
  displayPath(path: string): string;
}

/** @param access of one caller. Default: everything is found */
function searchAs({ index, repository, runtime, displayPath }: Asked, access?: Access): PageSearch {
  const readable = access && readableBy(access);
  return {
    search: async (query, range) => index.search(await repository.view(), query, range, readable),
    async ranked(request) {
      const { searchRanked } = await import('../projection/ranked/search-ranked.ts');
      return searchRanked(index, await repository.view(), request, { displayPath, runtime, readable });
    },
    async report(name) {
      const { makeReport } = await import('../projection/report/make-report.ts');
      const view = await repository.view();
      const homePage = access?.(view.policy).preferences?.homePage;
      return makeReport(index, view, name, { displayPath, readable, homePage });
    },
  };
}

function readableBy(access: Access): Readable {
  return ({ policy }) => {
    const permits = access(policy);
    return permits.all ? undefined : path => permits.may('read', path);
  };
}

/** Of a page. An index is made of many at once, and needs several times the memory that they have. */
const MAX_SEARCHED_BYTES = 16 << 20;

/** What of a page is searched, and how it is shown. */
async function pageReading(
  settings: WikiSettings,
): Promise<Required<Pick<SearchIndexOptions, 'isPage' | 'pageText' | 'displayPath' | 'variant'>>> {
  const [
    { readDocument },
    { labelsOf, pageText },
    { displayName, displayPath, isPageFile },
    { decodeText },
    { storedLinks },
  ] = await Promise.all([
    import('../wiki/markup/frontmatter.ts'),
    import('../wiki/markup/describe.ts'),
    import('../wiki/name/page-path.ts'),
    import('../wiki/markup/text.ts'),
    import('../projection/report/stored-links.ts'),
  ]);
  return {
    isPage: isPageFile,
    async pageText(path, bytes) {
      const content = decodeText(beginning(bytes));
      if (content === undefined) return undefined;
      const document = await readDocument(content);
      const { name, body } = pageText(document, displayName(path, settings));
      return {
        name: typeof name === 'string' ? name : JSON.stringify(name),
        body,
        ...labelsOf(document),
        links: storedLinks(path, content, settings),
      };
    },
    displayPath: path => displayPath(path, settings),
    variant: `2 ${settings.retainPageNameCase} ${settings.wikilinkStyle}`,
  };
}

/** Whole lines. */
function beginning(bytes: Buffer): Buffer {
  if (bytes.length <= MAX_SEARCHED_BYTES) return bytes;
  return bytes.subarray(0, bytes.lastIndexOf('\n', MAX_SEARCHED_BYTES - 1) + 1);
}

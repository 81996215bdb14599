import type { LedgerRepository } from '../git/open.ts';
import type { PageSearch } from '../http/services.ts';
import type { Projection } from '../projection/projection.ts';
import type { Access } from '../wiki/access.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';
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

/**
 * The full-text index: a file in the data folder that can be deleted at any time. Where the store is remote, one that lacks much
 * begins with what is published there.
 */
export function lazySearch(
  environment: Environment,
  wikiId: Lazy<string>,
  repository: Lazy<LedgerRepository>,
  settings: WikiSettings,
): Lazy<LocalSearch> {
  return lazy('search', environment.recorder, async () => {
    const { openSearch } = await import('./open-search.ts');
    return await openSearch(environment, wikiId, repository, settings);
  });
}

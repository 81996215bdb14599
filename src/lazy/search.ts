import type { LedgerRepository } from '../git/open.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';
import type { LocalSearch } from './open-search.ts';

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

import type { Repository } from '../git/repository.ts';
import type { PageSearch } from '../http/services.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';

export function lazySearch(
  { config, recorder }: Environment,
  repository: Lazy<Repository>,
  settings: WikiSettings,
): Lazy<PageSearch> {
  return lazy('search', recorder, async () => {
    const [{ createSearchIndex }, opened] = await Promise.all([
      import('../projection/search-index.ts'),
      repository(),
    ]);
    return createSearchIndex({ repository: opened, folder: config.data, settings });
  });
}

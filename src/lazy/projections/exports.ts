import type { Principal } from '../../auth/principal.ts';
import type { WikiExports } from '../../export/wiki-exports.ts';
import type { ProjectionParts } from './parts.ts';

/** The wiki as one file, as a caller may read it. */
export async function exportsAs(
  { environment, wiki: { policies, repository } }: Pick<ProjectionParts, 'environment' | 'wiki'>,
  principal: Principal,
): Promise<WikiExports> {
  const [{ createWikiExports }, { bindRepository }, { checkAdministrator }, access, opened] =
    await Promise.all([
      import('../../export/wiki-exports.ts'),
      import('../../wiki/bound/bound-repository.ts'),
      import('../../auth/administrator.ts'),
      policies.accessAs(principal),
      repository(),
    ]);
  const views = bindRepository(opened, access);
  const whole = () => {
    checkAdministrator(principal);
    return opened;
  };
  return createWikiExports({ views, whole, naming: environment.config });
}

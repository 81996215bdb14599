import type { Principal } from '../../auth/principal.ts';
import type { GitServices } from '../../http/git-services.ts';
import type { ProjectionParts } from './parts.ts';

/** What git's own clients reach, in the name of a caller. */
export async function gitAs(
  { environment: { config, settings: read, log }, wiki: { repository, policies } }: ProjectionParts,
  principal: Principal,
): Promise<GitServices> {
  const [{ config: settings }, opened, access] = await Promise.all([
    read(),
    repository(),
    policies.accessAs(principal),
  ]);
  return {
    wiki: config.wiki,
    repository: opened,
    access,
    settings,
    refused: (operation, error) =>
      log.info('git_refused', { operation, principal: principal.id, code: error.code }),
  };
}

import type { Principal } from '../../auth/principal.ts';
import type { GitServices } from '../../http/git-services.ts';
import { scratchOf } from '../scratch.ts';
import { wikiSettings } from '../wiki.ts';
import type { ProjectionParts } from './parts.ts';

/** What git's own clients reach, in the name of a caller. */
export async function gitAs(
  { environment: { config, settings: read, log, plugins }, wiki: { repository, policies } }: ProjectionParts,
  principal: Principal,
): Promise<GitServices> {
  const [{ statusOf }, { config: settings }, opened, { permits, anywhere }] = await Promise.all([
    import('../../http/status.ts'),
    read(),
    repository(),
    policies.evaluation(),
  ]);
  return {
    wiki: config.wiki,
    repository: opened,
    access: policy => permits(principal, policy),
    settings,
    rules: {
      settings: wikiSettings(config),
      hooks: plugins && (async () => (await plugins()).writeHooks),
    },
    scratch: scratchOf(config),
    mayWrite: policy => anywhere('write', policy, principal),
    pushed: counts => log.info('git_pushed', { principal: principal.id, ...counts }),
    refused(operation, error) {
      const fields = { operation, principal: principal.id };
      if (statusOf(error) === 500) log.failure('git_failed', error, fields);
      else log.info('git_refused', { ...fields, code: error.code });
    },
  };
}

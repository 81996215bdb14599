import type { GitServices } from '../http/git-services.ts';
import type { Context } from '../http/route.ts';
import { gitRepositoryAbsent, gitServerOff } from './errors.ts';

/**
 * What git reaches at the address of a request: `/.git`, or the name of the wiki with `.git` behind it.
 * @throws KittiwakeError `git_server_off`, `git_repository_absent`
 */
export async function servicesOf({ services, params }: Context): Promise<GitServices> {
  const git = await (await services.projections()).git();
  if (!git.settings.gitServer) throw gitServerOff();
  const { repository } = params;
  if (repository !== '.git' && repository !== `${git.wiki}.git`) throw gitRepositoryAbsent(git.wiki);
  return git;
}

import { remoteUrlRefused } from '../../net/errors.ts';
import { parseRemoteUrl } from '../../net/git/remote-url.ts';
import type { JobSource } from './job.ts';
import { sourceName } from './source-name.ts';

/**
 * The source of a job that fetches a git repository over HTTP. What is kept is shown to others: a password has no place in it.
 * @throws KittiwakeError `remote_url_refused`
 */
export function remoteSource(url: string): Extract<JobSource, { kind: 'url' }> {
  const { shown, authorization } = parseRemoteUrl(url);
  if (authorization !== undefined)
    throw remoteUrlRefused(shown, 'its user name and password would be kept; "kittiwake import" takes them');
  return { kind: 'url', url: shown, name: sourceName(shown) };
}

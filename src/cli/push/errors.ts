import { KittiwakeError } from '../../core/errors.ts';

export function gitFailed(args: readonly string[], said: string): KittiwakeError {
  return new KittiwakeError('git_failed', `Running "git ${args.join(' ')}" fails: ${said.trim()}`);
}

export function gitMissing(cause: unknown): KittiwakeError {
  return new KittiwakeError('git_failed', 'Running git fails: it is not installed, or not in the PATH', {
    cause,
  });
}

export function notOnBranch(): KittiwakeError {
  return new KittiwakeError('usage', 'Cannot tell what to push: no branch is checked out; give --branch');
}

/** The URL may hold a password: it is not shown. */
export function notHttp(): KittiwakeError {
  return new KittiwakeError(
    'usage',
    'Cannot push there: the remote must be the http or https URL of a wiki, or a name of one',
  );
}

/** What the wiki answers before anything is sent. */
export function wikiRefused(shown: string, status: number, said: string): KittiwakeError {
  const why = said === '' ? `it answers with status ${status}` : said;
  return new KittiwakeError('push_refused', `Pushing to ${shown} fails: ${why}`, { data: { status } });
}

export function wikiUnreachable(shown: string, cause: unknown): KittiwakeError {
  return new KittiwakeError('push_refused', `Pushing to ${shown} fails: there is no answer`, { cause });
}

/** @param said with its code */
export function pushNotCarriedOut(shown: string, said: string): KittiwakeError {
  return new KittiwakeError('push_failed', `Pushing to ${shown} fails: ${said}`);
}

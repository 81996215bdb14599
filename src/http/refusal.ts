import { authMissing } from '../auth/errors.ts';
import { ANONYMOUS, type Principal } from '../auth/principal.ts';
import { isKittiwakeError, KittiwakeError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import { challengeOf, type ProtectedResourceOf } from './challenge.ts';
import { errorResponse } from './error-response.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import type { Route } from './route.ts';
import type { Match } from './router.ts';

/** A request that was refused, or failed, as far as it had come. */
export interface Refused {
  request: HttpRequest;
  /** As the wiki has it. Undefined: no wiki was found. */
  path: string | undefined;
  match: Match<Route>;
  /** Undefined: it was not known yet who asks. */
  principal: Principal | undefined;
  /** Of the wiki among others. */
  name: string | undefined;
  id: () => string;
}

export interface RefusalOptions {
  log: Logger;
  protectedResource?: ProtectedResourceOf | undefined;
}

/** The answer to what was thrown. What was refused to whom is told to the log. */
export async function refuse(
  error: unknown,
  refused: Refused,
  { log, protectedResource }: RefusalOptions,
): Promise<{ failure: KittiwakeError; response: HttpResponse }> {
  const { request, path, principal, name, id } = refused;
  if (isKittiwakeError(error, 'forbidden')) reportDenied(error, refused, log);
  const failure = isKittiwakeError(error) ? refusalOf(error, principal) : unexpected(error);
  const response = errorResponse(failure, request, { log, id });
  // Whatever is wrong there: the refusal is answered.
  const resource = async () => await protectedResource?.(name).catch(() => undefined);
  const challenge = await challengeOf(failure, path, resource);
  if (challenge !== undefined) response.headers['www-authenticate'] = challenge;
  return { failure, response };
}

/** Who was refused what, for those who watch over the wiki. */
function reportDenied(error: KittiwakeError, { request, match, principal, id }: Refused, log: Logger): void {
  if (!log.writes('info')) return;
  log.info('denied', {
    request: id(),
    principal: principal?.id ?? ANONYMOUS.id,
    operation: match.kind === 'found' ? match.route.name : match.kind,
    needed: error.data.needed,
    path: log.path(request.path),
  });
}

/** Who has not said who it is may do so. */
function refusalOf(error: KittiwakeError, principal: Principal | undefined): KittiwakeError {
  const isKnown = principal !== undefined && principal.standing !== 'anonymous';
  return error.code === 'forbidden' && !isKnown ? authMissing() : error;
}

function unexpected(cause: unknown): KittiwakeError {
  return new KittiwakeError('internal', 'Internal error', { cause });
}

import type { KittiwakeError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import { isGitPath } from './challenge.ts';
import { type HttpRequest, type HttpResponse, json } from './message.ts';
import { publicText, shownData, statusOf } from './status.ts';

/**
 * The answer to a refusal or a failure: `{"error", "code", ...}`. What went wrong inside is told to nobody but the log;
 * the two are tied together by `request_id`.
 */
export function errorResponse(
  error: KittiwakeError,
  request: HttpRequest,
  options: { log: Logger; id: () => string },
): HttpResponse {
  const status = statusOf(error);
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (status >= 500 && error.code !== 'api_key_unset') {
    const id = options.id();
    options.log.failure('request_failed', error, { request: id, method: request.method });
    if (status === 500) return json(500, { ...INTERNAL, request_id: id }, headers);
  }
  if (Array.isArray(error.data.allowed)) headers.allow = error.data.allowed.join(', ');
  if (status === 503 || status === 429) headers['retry-after'] = retryAfter(error.data.retryAfterMs);
  if (isGitPath(request.path)) return plain(status, error, headers);
  return json(status, { error: publicText(error), code: error.code, ...shownData(error) }, headers);
}

function plain(status: number, error: KittiwakeError, headers: Record<string, string>): HttpResponse {
  const text = error.code === 'route_not_found' ? NO_REPOSITORY : publicText(error);
  const body = `${text} (${error.code})\n`;
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

/** Where somebody takes a repository to be is told to people, by git. */
const NO_REPOSITORY =
  'There is no repository at this address: that of a wiki is at "/.git", behind the address of the wiki';

const INTERNAL = { error: 'Internal error', code: 'internal' };

/** Whole seconds, at least one. */
function retryAfter(ms: unknown): string {
  return String(Math.max(1, Math.ceil((typeof ms === 'number' ? ms : 1000) / 1000)));
}

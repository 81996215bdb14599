import type { KittiwakeError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import { type HttpRequest, type HttpResponse, json } from './message.ts';
import { publicText, shownData, statusOf } from './status.ts';

/**
 * The answer to a refusal or a failure: `{"error", "code", ...}`. What went wrong inside is told to nobody but the log;
 * the two are tied together by `request_id`.
 */
export function errorResponse(
  error: KittiwakeError,
  request: HttpRequest,
  options: { runtime: Runtime; log: Logger },
): HttpResponse {
  const status = statusOf(error);
  if (status === 500 && error.code !== 'api_key_unset') return internal(error, request, options);
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (Array.isArray(error.data.allowed)) headers.allow = error.data.allowed.join(', ');
  if (status === 503 || status === 429) headers['retry-after'] = retryAfter(error.data.retryAfterMs);
  return json(status, { error: publicText(error), code: error.code, ...shownData(error) }, headers);
}

function internal(
  error: KittiwakeError,
  request: HttpRequest,
  { runtime, log }: { runtime: Runtime; log: Logger },
): HttpResponse {
  const id = request.headers['x-amzn-trace-id'] ?? randomId(runtime);
  log.failure('request_failed', error, { request: id, method: request.method });
  const body = { error: 'Internal error', code: 'internal', request_id: id };
  return json(500, body, { 'cache-control': 'no-store' });
}

/** Whole seconds, at least one. */
function retryAfter(ms: unknown): string {
  return String(Math.max(1, Math.ceil((typeof ms === 'number' ? ms : 1000) / 1000)));
}

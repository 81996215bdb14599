import { isKittiwakeError, KittiwakeError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import { monotonicMs, type Runtime, randomId } from '../../core/runtime.ts';
import { errorResponse } from '../error-response.ts';
import type { App, HttpRequest, HttpResponse } from '../message.ts';
import { type ServedSite, siteResponse } from './site-response.ts';

export interface SiteAppOptions {
  /** Answers what is not for a site. */
  api: App;
  /** The site that a request is for. Undefined: there is none. */
  locate(request: HttpRequest): Promise<ServedSite | undefined>;
  runtime: Runtime;
  log: Logger;
}

/** Below the base of a wiki, what is the API's, Git's and of protocols that have their place there. */
const NOT_SITE = /^\/(?:api|-\/api|mcp|\.git|\.well-known)(?:\/|$)|^\/[^/]+\.git\/(?:info\/refs$|pushes\/)/;

/** What git asks for wherever somebody takes the repository to be: it is told where that is. */
const GIT_QUERY = /^service=git-/;

/** @param path below the base of a wiki */
export function isForSite(path: string, query: string): boolean {
  return !(NOT_SITE.test(path) || (path.endsWith('/info/refs') && GIT_QUERY.test(query)));
}

/** Serves the published sites beside the API. Everybody may read them: who may see what was decided when they were made. */
export function createSiteApp({ api, locate, runtime, log }: SiteAppOptions): App {
  return {
    async handle(request) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return await api.handle(request);
      const startedMs = monotonicMs();
      let response: HttpResponse;
      try {
        const site = await locate(request);
        if (site === undefined) return await api.handle(request);
        response = await siteResponse(site, request);
      } catch (error) {
        const failure = isKittiwakeError(error) ? error : internal(error);
        response = errorResponse(failure, request, { log, id: () => request.id ?? randomId(runtime) });
      }
      log.debug('request', {
        route: 'site',
        method: request.method,
        path: log.path(request.path),
        status: response.status,
        ms: Math.round(monotonicMs() - startedMs),
      });
      return request.method === 'HEAD' ? withoutBody(response) : response;
    },
  };
}

function internal(cause: unknown): KittiwakeError {
  return new KittiwakeError('internal', 'Internal error', { cause });
}

function withoutBody({ status, headers, body }: HttpResponse): HttpResponse {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : undefined;
  return {
    status,
    headers: { ...(length === undefined ? {} : { 'content-length': String(length) }), ...headers },
    body: '',
  };
}

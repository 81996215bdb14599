import { checkGate } from '../auth/gate.ts';
import type { Admit } from '../auth/limit/request-limits.ts';
import { ANONYMOUS, type Principal } from '../auth/principal.ts';
import type { KittiwakeError } from '../core/errors.ts';
import { monotonicMs, type Runtime, randomId } from '../core/runtime.ts';
import { readBody } from './body.ts';
import { methodNotAllowed, routeNotFound } from './errors.ts';
import type { App, HttpRequest, HttpResponse } from './message.ts';
import { decodePath } from './path.ts';
import { parseQuery } from './query.ts';
import type { RefusalOptions } from './refusal.ts';
import type { Handler, Route } from './route.ts';
import { createRouter, type Match, type Router } from './router.ts';
import type { Located, Meter, RequestMetrics, StorageMeter, StorageUse } from './services.ts';
import { serverTiming, storageFields } from './timing.ts';

export interface AppOptions extends RefusalOptions {
  routes: readonly Route[];
  /** Loads all routes, those among them; done for the first path that none of those has. Absent: there are no others. */
  allRoutes?: () => Promise<readonly Route[]>;
  /** Finds the wiki that a request is for. @throws KittiwakeError when there is none */
  locate(request: HttpRequest): Located | Promise<Located>;
  limits: BodyLimits;
  /** Counts a request of a caller, before anything is loaded for it. @throws KittiwakeError `rate_limited`; absent: no limit */
  admit?: Admit | undefined;
  runtime: Runtime;
  meter?: Meter;
  /** Absent: the store's calls are not counted. */
  storage?: StorageMeter | undefined;
  /** Absent: the log holds none. */
  metrics?: RequestMetrics | undefined;
}

/** Largest request bodies in bytes. */
export interface BodyLimits {
  maxBodyBytes: number;
  /** For routes that take an attachment in base64. */
  maxAttachmentBodyBytes: number;
}

/** Headers of every answer that has none of its own: nothing here is ever framed, sniffed or run. */
const SECURITY: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * The application over plain values. In a matched route the caller is authenticated first, then the URL is decoded
 * and checked, then the body is read; an unknown route is 404 without authentication. HEAD answers like GET, without
 * a body.
 */
export function createApp(options: AppOptions): App {
  return new RoutedApp(options);
}

/** Who asks; undefined until that is known. */
interface Caller {
  principal: Principal | undefined;
  /** What was begun for the request and never rejects. */
  begun: (Promise<unknown> | undefined)[];
}

interface Outcome {
  id: () => string;
  /** Of the wiki, where there are many. */
  name: string | undefined;
  /** As `monotonicMs` tells it. */
  startedMs: number;
  failure: KittiwakeError | undefined;
  use: StorageUse | undefined;
}

class RoutedApp implements App {
  readonly #options: AppOptions;
  readonly #router: Router<Route>;
  #wholeRouter: Router<Route> | undefined;
  readonly #handlers = new Map<Route, Handler>();

  constructor(options: AppOptions) {
    this.#options = options;
    this.#router = createRouter(options.routes);
  }

  handle(request: HttpRequest): Promise<HttpResponse> {
    const { storage, runtime } = this.#options;
    const id = idOf(request, runtime);
    return storage ? storage.measure(id, used => this.#answer(request, id, used)) : this.#answer(request, id);
  }

  async #answer(request: HttpRequest, id: () => string, used?: () => StorageUse): Promise<HttpResponse> {
    const { meter } = this.#options;
    const startedMs = monotonicMs();
    const mark = meter?.mark() ?? 0;
    let match: Match<Route> = { kind: 'absent' };
    let response: HttpResponse;
    let failure: KittiwakeError | undefined;
    const caller: Caller = { principal: undefined, begun: [] };
    let located: Located | undefined;
    try {
      const locating = this.#options.locate(request);
      located = locating instanceof Promise ? await locating : locating;
      const { path } = located.request;
      match = this.#router.match(request.method, path);
      if (match.kind === 'absent') match = await this.#matchAll(request.method, path);
      response = await this.#respond(located, match, caller);
    } catch (error) {
      const { refuse } = await import('./refusal.ts');
      const { principal } = caller;
      const refused = { request, path: located?.request.path, match, principal, name: located?.name, id };
      ({ failure, response } = await refuse(error, refused, this.#options));
    }
    // Nothing is left under way after the answer.
    for (const work of caller.begun) if (work) await work;
    const settling = located?.settle?.(failure);
    if (settling) await settling;
    response.headers = { ...SECURITY, ...response.headers };
    const use = used?.();
    const timing = isKnown(caller) && serverTiming(meter?.since(mark) ?? [], use);
    if (timing) response.headers['server-timing'] = timing;
    this.#report(request, response, match, { id, name: located?.name, startedMs, failure, use });
    return request.method === 'HEAD' ? withoutBody(response) : response;
  }

  async #matchAll(method: string, path: string): Promise<Match<Route>> {
    const { allRoutes } = this.#options;
    if (allRoutes === undefined) return { kind: 'absent' };
    this.#wholeRouter ??= createRouter(await allRoutes());
    return this.#wholeRouter.match(method, path);
  }

  async #respond({ site, request }: Located, match: Match<Route>, caller: Caller): Promise<HttpResponse> {
    if (match.kind === 'absent') throw routeNotFound();
    if (match.kind === 'method') throw methodNotAllowed(request.method, match.allowed);
    const { route } = match;
    const principal =
      route.access === 'open' ? ANONYMOUS : await this.#identify({ site, request }, route, caller);
    if (route.access !== 'open') await checkGate(principal, route.access, site);
    const services = site.as(principal);
    const params: Record<string, string> = {};
    for (const [name, raw] of Object.entries(match.params)) params[name] = decodePath(raw);
    const query = parseQuery(request.query);
    const handler = this.#handlers.get(route) ?? (await this.#load(route));
    const body = () => readBody(request, this.#maxBytes(route));
    return await handler({ request, params, query, principal, services, body, admit: this.#options.admit });
  }

  /** Whoever asks needs the wiki: it begins as soon as the caller is known, or while that is looked up. */
  async #identify({ site, request }: Located, route: Route, caller: Caller): Promise<Principal> {
    const { admit } = this.#options;
    const identifying = site.authenticate(request, work => caller.begun.push(work));
    const isAtOnce = !(identifying instanceof Promise);
    if (isAtOnce) admit?.(identifying, request);
    caller.begun.push(site.expect?.());
    // What fails is told by whoever needs it.
    if (!isAtOnce && !this.#handlers.has(route)) caller.begun.push(this.#load(route).catch(() => {}));
    caller.principal = await identifying;
    if (!isAtOnce) admit?.(caller.principal, request);
    return caller.principal;
  }

  async #load(route: Route): Promise<Handler> {
    const handler = await route.load();
    this.#handlers.set(route, handler);
    return handler;
  }

  #maxBytes(route: Route): number {
    const { maxBodyBytes, maxAttachmentBodyBytes } = this.#options.limits;
    return route.body === 'attachment' ? maxAttachmentBodyBytes : maxBodyBytes;
  }

  #report(
    request: HttpRequest,
    response: HttpResponse,
    match: Match<Route>,
    { id, name, startedMs, failure, use }: Outcome,
  ): void {
    const { log, metrics } = this.#options;
    const level = match.kind === 'found' && match.route.access === 'open' ? 'debug' : 'info';
    if (!metrics && !log.writes(level)) return;
    const durationMs = monotonicMs() - startedMs;
    const isUnknown = failure?.code === 'outcome_unknown';
    log.always(level, 'request', {
      request: id(),
      ...(name === undefined ? {} : { wiki: name }),
      route: match.kind === 'found' ? match.route.name : match.kind,
      method: request.method,
      path: log.path(request.path),
      status: response.status,
      ms: Math.round(durationMs),
      ...(failure ? { code: failure.code } : {}),
      ...storageFields(use),
      ...metrics?.fields({ durationMs, isFailure: response.status >= 500, isUnknown, use }),
    });
  }
}

/** The platform's id of a request, or a random one, made when it is asked for. */
function idOf(request: HttpRequest, runtime: Runtime): () => string {
  let { id } = request;
  return () => {
    id ??= randomId(runtime);
    return id;
  };
}

function isKnown({ principal }: Caller): boolean {
  return principal !== undefined && principal.standing !== 'anonymous';
}

function withoutBody(response: HttpResponse): HttpResponse {
  const { body } = response;
  if (typeof body === 'string') response.headers['content-length'] = String(Buffer.byteLength(body));
  else if (body instanceof Uint8Array) response.headers['content-length'] = String(body.byteLength);
  return { ...response, body: '' };
}

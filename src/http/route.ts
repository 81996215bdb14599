import type { RouteAccess } from '../auth/gate.ts';
import type { Admit } from '../auth/limit/request-limits.ts';
import type { Principal } from '../auth/principal.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import type { Query } from './query.ts';
import type { Services } from './services.ts';

/** What a route's handler gets. */
export interface Context {
  readonly request: HttpRequest;
  /** Decoded once. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** Nobody in particular on open routes. */
  readonly principal: Principal;
  readonly services: Services;
  /** The body, read now, once. @throws KittiwakeError `body_too_large`, `body_cut` */
  body(): Promise<Buffer>;
  /** Counts what a request does besides itself. Undefined: there is no limit. */
  readonly admit?: Admit | undefined;
}

export type Handler = (context: Context) => HttpResponse | Promise<HttpResponse>;

/** A row of the route table. */
export interface Route {
  /** The operation's name in the OpenAPI document. */
  readonly name: string;
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  readonly pattern: string;
  /** What a caller must be allowed somewhere in the wiki; what exactly, the operation asks. `open`: anybody, unasked. */
  readonly access: 'open' | RouteAccess;
  /** `attachment`: room for the largest attachment in base64. */
  readonly body?: 'attachment';
  /** Loads the code on the route's first use. */
  readonly load: () => Promise<Handler>;
}

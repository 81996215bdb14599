import type { Route } from '../http/route.ts';

/** Where git reaches the wiki (gitprotocol-http(5)). */
export const GIT_ROUTES = [] as const satisfies readonly Route[];

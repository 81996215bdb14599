import type { Route } from '../http/route.ts';

/** Where language models reach the wiki. */
export const MCP_ROUTES = [] as const satisfies readonly Route[];

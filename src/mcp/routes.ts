import type { Route } from '../http/route.ts';

/** Where language models reach the wiki. What each of its tools needs of the caller, the services ask. */
export const MCP_ROUTES = [
  {
    name: 'mcp',
    method: 'POST',
    pattern: '/mcp',
    access: 'read',
    body: 'attachment',
    load: async () => (await import('./serve-mcp.ts')).serveMcp,
  },
] as const satisfies readonly Route[];

import type { Route } from '../http/route.ts';

const MCP = {
  name: 'mcp',
  method: 'POST',
  pattern: '/mcp',
  access: 'read',
  body: 'attachment',
  load: async () => (await import('./serve-mcp.ts')).serveMcp,
} as const satisfies Route;

/**
 * Where language models reach the wiki; other servers are configured with a slash at the end. What each of its tools needs of the
 * caller, the services ask.
 */
export const MCP_ROUTES = [MCP, { ...MCP, pattern: '/mcp/' }] as const satisfies readonly Route[];

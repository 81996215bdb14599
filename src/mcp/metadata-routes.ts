import type { Route } from '../http/route.ts';

const metadata = (name: string, pattern: string) =>
  ({
    name,
    method: 'GET',
    pattern,
    access: 'open',
    load: async () => (await import('./metadata.ts')).resourceMetadata,
  }) as const;

/** Where clients of the MCP server learn who gives them tokens: the place of RFC 9728, 3.1, and the one that stands for the whole host. */
export const METADATA_ROUTES = [
  metadata('mcp_resource', '/.well-known/oauth-protected-resource/mcp'),
  metadata('resource', '/.well-known/oauth-protected-resource'),
] as const satisfies readonly Route[];

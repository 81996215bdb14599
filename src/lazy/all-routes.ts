import type { Route } from '../http/route.ts';

/** Every route: of the API, for language models and for git. */
export async function allRoutes(): Promise<readonly Route[]> {
  const [{ ROUTES }, { OTTERWIKI_HOOK_ROUTES }, { MCP_ROUTES }, { METADATA_ROUTES }, { GIT_ROUTES }] =
    await Promise.all([
      import('../http/routes/table.ts'),
      import('../http/routes/remote-routes.ts'),
      import('../mcp/routes.ts'),
      import('../mcp/metadata-routes.ts'),
      import('../git-http/routes.ts'),
    ]);
  return [...ROUTES, ...OTTERWIKI_HOOK_ROUTES, ...MCP_ROUTES, ...METADATA_ROUTES, ...GIT_ROUTES];
}

import type { Route } from '../route.ts';

export const PLUGIN_ROUTES = [
  {
    name: 'listPlugins',
    method: 'GET',
    pattern: '/api/v1/plugins',
    access: 'admin',
    load: async () => (await import('./plugins.ts')).listPlugins,
  },
] as const satisfies readonly Route[];

import type { Route } from '../route.ts';

/** The wiki as one file. */
export const EXPORT_ROUTES = [
  {
    name: 'exportWiki',
    method: 'GET',
    pattern: '/api/v1/export',
    access: 'read',
    load: async () => (await import('./export.ts')).exportWiki,
  },
] as const satisfies readonly Route[];

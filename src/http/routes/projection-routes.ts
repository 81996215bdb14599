import type { Route } from '../route.ts';

export const PROJECTION_ROUTES = [
  {
    name: 'listProjections',
    method: 'GET',
    pattern: '/api/v1/projections',
    access: 'admin',
    load: async () => (await import('./projections.ts')).listProjections,
  },
  {
    name: 'listChanges',
    method: 'GET',
    pattern: '/api/v1/changes',
    access: 'read',
    load: async () => (await import('./projections.ts')).listChanges,
  },
] as const satisfies readonly Route[];

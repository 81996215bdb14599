import type { Route } from '../route.ts';

export const ME_ROUTES = [
  {
    name: 'readMe',
    method: 'GET',
    pattern: '/api/v1/me',
    access: 'known',
    load: async () => (await import('./me.ts')).readMe,
  },
] as const satisfies readonly Route[];

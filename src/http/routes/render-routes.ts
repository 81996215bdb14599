import type { Route } from '../route.ts';

export const RENDER_ROUTES = [
  {
    name: 'renderText',
    method: 'POST',
    pattern: '/api/v1/render',
    access: 'read',
    load: async () => (await import('./render.ts')).renderText,
  },
] as const satisfies readonly Route[];

import type { Route } from '../route.ts';

export const RENDER_ROUTES = [
  {
    name: 'renderText',
    method: 'POST',
    pattern: '/api/v1/render',
    // A text of the caller's own takes time: it is for those who could write it.
    access: 'write',
    load: async () => (await import('./render.ts')).renderText,
  },
] as const satisfies readonly Route[];

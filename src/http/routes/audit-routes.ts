import type { Route } from '../route.ts';

export const AUDIT_ROUTES = [
  {
    name: 'listAudit',
    method: 'GET',
    pattern: '/api/v1/audit',
    access: 'admin',
    load: async () => (await import('./audit.ts')).listAudit,
  },
] as const satisfies readonly Route[];

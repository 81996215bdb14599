import type { Route } from '../route.ts';

/** What is to be tidied up. */
export const REPORT_ROUTES = [
  {
    name: 'report',
    method: 'GET',
    pattern: '/api/v1/reports/{report}',
    access: 'read',
    load: async () => (await import('./report.ts')).report,
  },
] as const satisfies readonly Route[];

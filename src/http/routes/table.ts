import type { Route } from '../route.ts';
import { AUDIT_ROUTES } from './audit-routes.ts';
import { CONTENT_ROUTES } from './content-routes.ts';
import { DRAFT_ROUTES } from './draft-routes.ts';
import { EXPORT_ROUTES } from './export-routes.ts';
import { IMPORT_ROUTES } from './import-routes.ts';
import { MAIL_ROUTES } from './mail-routes.ts';
import { ME_ROUTES } from './me-routes.ts';
import { PLUGIN_ROUTES } from './plugin-routes.ts';
import { POLICY_ROUTES } from './policy-routes.ts';
import { PROJECTION_ROUTES } from './projection-routes.ts';
import { REMOTE_ROUTES } from './remote-routes.ts';
import { RENDER_ROUTES } from './render-routes.ts';
import { REPORT_ROUTES } from './report-routes.ts';
import { TENANT_ROUTES } from './tenant-routes.ts';
import { TOKEN_ROUTES } from './token-routes.ts';
import { USER_ROUTES } from './user-routes.ts';
import { WEBHOOK_ROUTES } from './webhook-routes.ts';

/** Every route. No path is matched by patterns of two of the tables. */
export const ROUTES = [
  {
    name: 'openapi',
    method: 'GET',
    pattern: '/api/v1/openapi.json',
    access: 'open',
    load: async () => (await import('./openapi.ts')).openapiOf(all()),
  },
  ...CONTENT_ROUTES,
  ...DRAFT_ROUTES,
  ...EXPORT_ROUTES,
  ...PLUGIN_ROUTES,
  ...POLICY_ROUTES,
  ...MAIL_ROUTES,
  ...IMPORT_ROUTES,
  ...ME_ROUTES,
  ...RENDER_ROUTES,
  ...TENANT_ROUTES,
  ...TOKEN_ROUTES,
  ...USER_ROUTES,
  ...AUDIT_ROUTES,
  ...REPORT_ROUTES,
  ...PROJECTION_ROUTES,
  ...WEBHOOK_ROUTES,
  ...REMOTE_ROUTES,
] as const satisfies readonly Route[];

/** What the document of the routes is made of: the table itself. */
function all(): readonly Route[] {
  return ROUTES;
}

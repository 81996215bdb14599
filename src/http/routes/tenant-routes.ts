import type { Route } from '../route.ts';

const tenants = () => import('./tenants.ts');

const TENANTS = '/api/v1/tenants';
const TENANT = '/api/v1/tenants/{name}';

/** Asked of the server itself, on any of its hosts, and without the prefix of a wiki. */
export const TENANT_ROUTES = [
  {
    name: 'createTenant',
    method: 'POST',
    pattern: TENANTS,
    access: 'operator',
    load: async () => (await tenants()).createTenant,
  },
  {
    name: 'listTenants',
    method: 'GET',
    pattern: TENANTS,
    access: 'operator',
    load: async () => (await tenants()).listTenants,
  },
  {
    name: 'readTenant',
    method: 'GET',
    pattern: TENANT,
    access: 'operator',
    load: async () => (await tenants()).readTenant,
  },
  {
    name: 'updateTenant',
    method: 'PATCH',
    pattern: TENANT,
    access: 'operator',
    load: async () => (await tenants()).updateTenant,
  },
  {
    name: 'deleteTenant',
    method: 'DELETE',
    pattern: TENANT,
    access: 'operator',
    load: async () => (await tenants()).deleteTenant,
  },
  {
    name: 'undeleteTenant',
    method: 'POST',
    pattern: `${TENANT}/undelete`,
    access: 'operator',
    load: async () => (await tenants()).undeleteTenant,
  },
] as const satisfies readonly Route[];

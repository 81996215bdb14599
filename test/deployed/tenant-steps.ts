import { expect } from 'vitest';
import type { ApiClient } from './support/client.ts';

const body = { name: 'anna' };

/** What is deployed serves one wiki: it has no others, and says so. */
const refused =
  (method: string, path: string, given?: object) =>
  async ({ call }: ApiClient) => {
    const answer = await call(method, path, given);
    expect([answer.status, answer.body.code]).toEqual([404, 'tenants_off']);
  };

export const TENANT_STEPS = {
  createTenant: refused('POST', '/tenants', body),
  listTenants: refused('GET', '/tenants'),
  readTenant: refused('GET', '/tenants/anna'),
  updateTenant: refused('PATCH', '/tenants/anna', { state: 'suspended' }),
  deleteTenant: refused('DELETE', '/tenants/anna'),
  undeleteTenant: refused('POST', '/tenants/anna/undelete'),
};

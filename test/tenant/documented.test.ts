import { expect, test } from 'vitest';
import { ROUTES } from '../../src/http/routes/table.ts';
import { conforms } from '../http/json-schema.ts';
import { openManyWikis } from './many-wikis.ts';

const LIMITS = { pages: 5, bytes: 0 };
const REQUESTS: [name: string, path: string, body?: object][] = [
  ['createTenant', '/tenants', { name: 'anna', limits: LIMITS, note: 'trial', owner: 'Anna', token: true }],
  ['createTenant', '/tenants', { name: 'bert' }],
  ['listTenants', '/tenants?limit=1'],
  ['readTenant', '/tenants/anna'],
  ['updateTenant', '/tenants/anna', { state: 'suspended', limits: { pages: null } }],
  ['deleteTenant', '/tenants/anna?grace_days=3'],
  ['readTenant', '/tenants/anna'],
  ['undeleteTenant', '/tenants/anna/undelete'],
];

test('each route of wikis answers as it is documented', async () => {
  const { call } = await openManyWikis();
  const document = (await call('', 'GET', '/openapi.json')).body;
  const routes = ROUTES.filter(({ pattern }) => pattern.startsWith('/api/v1/tenants'));
  for (const [name, path, body] of REQUESTS) {
    const route = routes.find(candidate => candidate.name === name);
    const answer = await call('', route?.method ?? '', path, body);
    const operation = document.paths[route?.pattern ?? '']?.[String(route?.method).toLowerCase()];
    const schema = operation.responses[String(answer.status)].content['application/json'].schema;
    expect([name, answer.status < 300, conforms(schema, answer.body)]).toEqual([name, true, []]);
  }
  const asked = new Set(REQUESTS.map(([name]) => name));
  expect([...asked].sort()).toEqual(routes.map(({ name }) => name).sort());
});

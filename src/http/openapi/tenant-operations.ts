import * as schemas from '../schemas/tenants.ts';
import { record } from './answers.ts';
import type { Operation } from './operation.ts';
import { cursor, limit, queryText } from './parameters.ts';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const timeOrNull = { type: ['string', 'null'], format: 'date-time' } as const;

const tenant = {
  name: text,
  uuid: { type: 'string', pattern: '^[0-9a-f]{32}$' },
  state: { enum: ['creating', 'active', 'suspended', 'deleted', 'sweeping'] },
  created: timeOrNull,
  changed: timeOrNull,
  note: textOrNull,
  owner: textOrNull,
};
/** `removable`: from when on its objects may be removed. */
const deletion = { deleted: time, removable: time };
const tenantAnswer = record(tenant, deletion);
const limits = record({ pages: whole, bytes: whole });
const usage = { anyOf: [record({ pages: whole, bytes: whole, limits }), { type: 'null' }] };

const absent = ['tenant_absent', 'tenants_off', 'forbidden'];
const changes = [...absent, 'tenant_state_wrong', 'contention', 'outcome_unknown'];

export const tenantOperations = {
  createTenant: {
    summary: 'Makes an empty wiki',
    description: 'What was interrupted is completed by the same request.',
    tag: 'tenants',
    request: { required: true, schemas: [schemas.createTenant] },
    answers: {
      201: { description: 'Made', schema: record({ tenant: tenantAnswer }, { token: text }) },
    },
    errors: ['tenants_off', 'forbidden', 'tenant_exists', 'tenant_name_invalid', 'tenant_detail_invalid'],
  },
  listTenants: {
    summary: 'Lists the wikis of the server by name',
    tag: 'tenants',
    query: [limit('Most wikis of the answer; default and most 100.'), cursor],
    answers: {
      200: {
        description: 'The wikis',
        schema: record({ tenants: { type: 'array', items: tenantAnswer } }, { next_cursor: text }),
      },
    },
    errors: ['tenants_off', 'forbidden'],
  },
  readTenant: {
    summary: 'Tells of a wiki: its state, how much it holds and may hold',
    tag: 'tenants',
    answers: { 200: { description: 'The wiki', schema: record({ ...tenant, usage }, deletion) } },
    errors: absent,
  },
  updateTenant: {
    summary: 'Suspends or resumes a wiki, changes its limits',
    tag: 'tenants',
    request: { required: true, schemas: [schemas.updateTenant] },
    answers: { 200: { description: 'The wiki as it now is', schema: tenantAnswer } },
    errors: [...changes, 'tenant_detail_invalid'],
  },
  deleteTenant: {
    summary: 'Deletes a wiki: it is served no more, and can be undeleted until its grace is over',
    tag: 'tenants',
    query: [queryText('grace_days', 'Days of grace; default: as configured.')],
    answers: { 200: { description: 'The wiki as it now is', schema: tenantAnswer } },
    errors: changes,
  },
  undeleteTenant: {
    summary: 'Takes the deletion of a wiki back',
    tag: 'tenants',
    answers: { 200: { description: 'The wiki as it now is', schema: tenantAnswer } },
    errors: changes,
  },
} as const satisfies Record<string, Operation>;

import type { Route } from '../route.ts';

const policies = () => import('./policy.ts');

const POLICY = '/api/v1/policy';
const RULES = '/api/v1/policy/rules';
const RULE = '/api/v1/policy/rules/{path...}';
const PREFERENCES = '/api/v1/preferences';

export const POLICY_ROUTES = [
  {
    name: 'readPolicy',
    method: 'GET',
    pattern: POLICY,
    access: 'admin',
    load: async () => (await policies()).readPolicy,
  },
  {
    name: 'putLimits',
    method: 'PUT',
    pattern: `${POLICY}/limits`,
    access: 'operator',
    load: async () => (await policies()).putLimits,
  },
  {
    name: 'putRules',
    method: 'PUT',
    pattern: RULES,
    access: 'admin',
    load: async () => (await policies()).putRules,
  },
  {
    name: 'putRule',
    method: 'PUT',
    pattern: RULE,
    access: 'admin',
    load: async () => (await policies()).putRule,
  },
  {
    name: 'deleteRule',
    method: 'DELETE',
    pattern: RULE,
    access: 'admin',
    load: async () => (await policies()).deleteRule,
  },
  {
    name: 'listPreferences',
    method: 'GET',
    pattern: PREFERENCES,
    access: 'read',
    load: async () => (await policies()).listPreferences,
  },
  {
    name: 'patchPreferences',
    method: 'PATCH',
    pattern: PREFERENCES,
    access: 'admin',
    load: async () => (await policies()).patchPreferences,
  },
] as const satisfies readonly Route[];

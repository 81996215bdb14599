import type { PolicyDefaults } from '../../../src/auth/policy/compiled-policy.ts';
import { storedPolicy } from '../../../src/auth/policy/parse-policy.ts';
import { type CallerPermits, permitsOf } from '../../../src/auth/policy/permits.ts';
import { EMPTY_POLICY, type Policy, type Rule } from '../../../src/auth/policy/policy.ts';
import type { Principal } from '../../../src/auth/principal.ts';

/** As a wiki is configured that nobody configured. */
export const DEFAULTS: PolicyDefaults = {
  access: { read: 'APPROVED', write: 'APPROVED', attachment: 'APPROVED' },
  limits: { pages: 0, bytes: 0 },
  preferences: { commitMessage: 'OPTIONAL', defaultCommitMessage: '', homePage: '' },
  retainPageNameCase: false,
};

export function caller(fields: Partial<Principal> = {}): Principal {
  return { id: 'user:1', standing: 'approved', grants: [], names: [], ...fields };
}

/** A policy as a ledger holds it. */
export function stored(fields: Partial<Policy>): unknown {
  return storedPolicy({ ...EMPTY_POLICY, revision: 1, ...fields });
}

export function permitsByRules(
  principal: Principal,
  rules: readonly Rule[],
  defaults: PolicyDefaults = DEFAULTS,
): CallerPermits {
  return permitsOf(principal, stored({ rules }), defaults);
}

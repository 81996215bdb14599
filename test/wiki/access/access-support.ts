import { storedPolicy } from '../../../src/auth/policy/parse-policy.ts';
import { type CallerPermits, permitsOf } from '../../../src/auth/policy/permits.ts';
import { EMPTY_POLICY, type Policy } from '../../../src/auth/policy/policy.ts';
import type { Principal } from '../../../src/auth/principal.ts';
import { isKittiwakeError, type KittiwakeError } from '../../../src/core/errors.ts';
import type { Access } from '../../../src/wiki/access.ts';
import type { Wiki } from '../../../src/wiki/wiki.ts';
import { caller, DEFAULTS } from '../../auth/policy/policy-support.ts';
import { newWiki, type TestWiki } from '../wiki-support.ts';

export interface RuledWiki extends TestWiki {
  /** The wiki as a caller may use it. Default: an approved one of no group. */
  as(fields?: Partial<Principal>): Wiki;
  permits(fields?: Partial<Principal>): Promise<CallerPermits>;
  setPolicy(policy: Partial<Policy>): Promise<void>;
}

/** A wiki whose ledger holds a policy. */
export async function ruledWiki(policy: Partial<Policy>): Promise<RuledWiki> {
  const made = await newWiki();
  const { repository, wiki } = made;
  const setPolicy = (fields: Partial<Policy>) =>
    repository.changePolicy(() => ({
      policy: storedPolicy({ ...EMPTY_POLICY, revision: 1, ...fields }),
      result: undefined,
    }));
  await setPolicy(policy);
  return {
    ...made,
    setPolicy,
    as: fields => wiki.as(accessOf(caller(fields))),
    permits: async fields => permitsOf(caller(fields), await repository.policy(), DEFAULTS),
  };
}

export function accessOf(principal: Principal): Access {
  return policy => permitsOf(principal, policy, DEFAULTS);
}

/** What a call refuses with. */
export async function refusal(call: Promise<unknown>): Promise<KittiwakeError> {
  try {
    await call;
  } catch (error) {
    if (isKittiwakeError(error)) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

import type { PolicyDefaults } from '../auth/policy/compiled-policy.ts';
import type { CallerPermits } from '../auth/policy/permits.ts';
import type { Principal, Right } from '../auth/principal.ts';
import type { Config } from '../core/config.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';

/** Evaluates the policies of one wiki. */
export interface PolicyEvaluation {
  readonly defaults: PolicyDefaults;
  /** @param stored the policy as the ledger holds it */
  permits(principal: Principal, stored: unknown): CallerPermits;
  /** False when the caller has the right nowhere in the wiki. */
  anywhere(principal: Principal, right: Right, stored: unknown): boolean;
}

export function lazyPolicyEvaluation({ config, log, recorder }: Environment): Lazy<PolicyEvaluation> {
  return lazy('policy', recorder, async () => {
    const { permitsAnywhere, permitsOf } = await import('../auth/policy/permits.ts');
    const defaults: PolicyDefaults = {
      ...policyDefaults(config),
      unreadable: () => log.error('policy_unreadable', { wiki: config.wiki }),
    };
    return {
      defaults,
      permits: (principal, stored) => permitsOf(principal, stored, defaults),
      anywhere: (principal, right, stored) => permitsAnywhere(principal, right, stored, defaults),
    };
  });
}

/** What the configuration says where a wiki's policy says nothing. */
export function policyDefaults(config: Config): PolicyDefaults {
  return {
    access: { read: config.readAccess, write: config.writeAccess, attachment: config.attachmentAccess },
    limits: { pages: config.maxPages, bytes: config.maxWikiBytes },
    preferences: {
      commitMessage: config.commitMessage,
      defaultCommitMessage: config.defaultCommitMessage,
      homePage: config.homePage,
    },
    retainPageNameCase: config.retainPageNameCase,
  };
}

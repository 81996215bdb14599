import type { Audit } from '../auth/audit/audit.ts';
import type { PolicyAdministration } from '../auth/policy/administer.ts';
import type { PolicyDefaults } from '../auth/policy/compiled-policy.ts';
import type { CallerPermits } from '../auth/policy/permits.ts';
import type { Principal, Right } from '../auth/principal.ts';
import type { Config } from '../core/config.ts';
import type { Repository } from '../git/repository.ts';
import type { Access } from '../wiki/access.ts';
import type { WholeWiki, Wiki } from '../wiki/wiki.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';

/** What one wiki's policy comes to for those who call. */
export interface PolicyHandles {
  /** The code that evaluates policies: needed by whoever may not do everything, so it is loaded beside the wiki. */
  readonly evaluation: Lazy<PolicyEvaluation>;
  /** What one caller may do, for all that asks. */
  accessAs(principal: Principal): Promise<Access>;
  /** The wiki as one caller may use it. */
  wikiAs(principal: Principal): Promise<Wiki>;
  /** Whether anybody at all has the right somewhere. The policy may be a second old. */
  opens(right: Right): Promise<boolean>;
  administrationAs(principal: Principal): Promise<PolicyAdministration>;
}

/** What strangers are told need not be newer: they could ask the store as often as they like. */
const OPENNESS_MS = 1_000;

/** Evaluates the policies of one wiki. */
export interface PolicyEvaluation {
  readonly defaults: PolicyDefaults;
  /** @param stored the policy as the ledger holds it */
  permits(principal: Principal, stored: unknown): CallerPermits;
  /** False when the caller has the right nowhere in the wiki; without a caller: nobody in particular has it. */
  anywhere(right: Right, stored: unknown, principal?: Principal): boolean;
}

export function createPolicyHandles(
  environment: Environment,
  wiki: Lazy<WholeWiki>,
  repository: Lazy<Repository>,
  audit: () => Promise<Audit>,
): PolicyHandles {
  const { config } = environment;
  const evaluation = lazyEvaluation(environment);
  return {
    evaluation,
    async accessAs(principal) {
      const { permits } = await evaluation();
      return stored => permits(principal, stored);
    },
    async wikiAs(principal) {
      const [{ permits }, whole] = await Promise.all([
        evaluation.peek() ?? evaluation(),
        wiki.peek() ?? wiki(),
      ]);
      return whole.as(stored => permits(principal, stored));
    },
    async opens(right) {
      const [{ anywhere }, opened] = await Promise.all([evaluation(), repository()]);
      return anywhere(right, await opened.policy({ maxAgeMs: OPENNESS_MS }));
    },
    async administrationAs(principal) {
      const [{ administerPolicy }, { pageFile, pageStem }, { defaults }, ledger] = await Promise.all([
        import('../auth/policy/administer.ts'),
        import('../wiki/name/page-path.ts'),
        evaluation(),
        repository(),
      ]);
      const pagePath = (path: string) => pageStem(pageFile(path, config));
      return administerPolicy(principal, { ledger, audit, config, defaults, pagePath });
    },
  };
}

function lazyEvaluation({ config, log, recorder }: Environment): Lazy<PolicyEvaluation> {
  return lazy('policy', recorder, async () => {
    const [{ permitsAnywhere, permitsOf }, { ANONYMOUS }] = await Promise.all([
      import('../auth/policy/permits.ts'),
      import('../auth/principal.ts'),
    ]);
    const defaults: PolicyDefaults = {
      ...policyDefaults(config),
      unreadable: () => log.error('policy_unreadable', { wiki: config.wiki }),
    };
    return {
      defaults,
      permits: (principal, stored) => permitsOf(principal, stored, defaults),
      anywhere: (right, stored, principal = ANONYMOUS) => permitsAnywhere(principal, right, stored, defaults),
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

import type { Audit } from '../auth/audit/audit.ts';
import type { Principal } from '../auth/principal.ts';
import type { Services, Site } from '../http/services.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { createDraftHandles } from './drafts.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';
import { createPolicyHandles } from './policy.ts';
import { Prefetch } from './prefetch.ts';
import type { Projections } from './projections.ts';
import { lazyRepository } from './repository.ts';
import { lazySearch } from './search.ts';
import { lazyState } from './state.ts';
import { lazyTokens } from './tokens.ts';
import { lazyAudit, lazyUsers } from './users.ts';
import { lazyWiki, wikiSettings } from './wiki.ts';
import { lazyWikiId } from './wiki-id.ts';
import type { WikiOwnParts } from './wiki-parts.ts';

/** What one wiki is made of. */
export interface WikiParts extends WikiOwnParts {
  readonly projections: Lazy<Projections>;
}

/** All that belongs to one wiki: that of `environment.config.wiki`. */
export interface WikiHandles extends WikiParts {
  readonly site: Omit<Site, 'authenticate'>;
  /** Closes what was opened. */
  close(): Promise<void>;
}

/** @param arrivals how many requests have come until now */
export function createWikiHandles(
  environment: Environment,
  store: Lazy<ByteStore>,
  arrivals: () => number,
): WikiHandles {
  const { config } = environment;
  const settings = wikiSettings(config);
  const wikiId = lazyWikiId(environment, store);
  const prefetch = new Prefetch({ environment, store, wikiId, arrivals });
  const repository = lazyRepository(environment, store, wikiId, settings, prefetch);
  const wiki = lazyWiki(environment, repository, settings, prefetch);
  const search = lazySearch(environment, wikiId, repository, settings);
  const state = lazyState(environment, store, wikiId);
  const audit = lazyAudit(environment, state);
  const policies = createPolicyHandles(environment, wiki, repository, audit);
  const ownerNow = async (ownerId: string) => (await users()).ownerNow(ownerId);
  const tokens = lazyTokens({ environment, store, wikiId, audit, ownerNow });
  const users = lazyUsers(environment, state, tokens);
  const drafts = createDraftHandles(environment, store, wikiId);
  const projections = lazy('projections', environment.recorder, async () => {
    const { openProjections } = await import('./projections.ts');
    return await openProjections({ environment, store, wiki: parts });
  });
  const parts: WikiParts = {
    wikiId,
    repository,
    wiki,
    search,
    tokens,
    state,
    users,
    audit,
    drafts,
    policies,
    projections,
  };
  const isRemote = config.store.kind !== 'file';
  const expect = () => (isRemote ? begin(parts, prefetch) : undefined);
  return {
    ...parts,
    site: { as: principal => servicesOf(parts, principal), opens: policies.opens, expect },
    close: async () => {
      await projections.peek()?.close();
      await Promise.all([search.peek()?.close(), state.peek()?.close()]);
    },
  };
}

/** Begins what a request will need of a remote store; resolves when nothing of it is under way any more. */
function begin({ wiki, policies }: WikiParts, prefetch: Prefetch): Promise<unknown> | undefined {
  if (wiki.peek() !== undefined) return undefined;
  prefetch.start();
  wiki().catch(() => {});
  // Loading code holds up what else happens: first the reading of the ledger is sent.
  Promise.resolve(prefetch.sent())
    .then(policies.evaluation, () => {})
    .catch(() => {});
  return prefetch.settled();
}

function servicesOf(parts: WikiParts, principal: Principal): Services {
  const { wikiId, search, tokens, users, audit, drafts, policies, projections } = parts;
  return {
    wiki: () => policies.wikiAs(principal),
    async search() {
      const [all, access] = await Promise.all([search(), policies.accessAs(principal)]);
      return all.as(access);
    },
    wikiId,
    policy: () => policies.administrationAs(principal),
    drafts: () => drafts.of(principal),
    tokens: async () => (await tokens()).as(principal),
    users: async () => (await users()).administeredBy(principal),
    account: async () => (await users()).accountOf(principal),
    audit: () => auditAs(audit, principal),
    projections: async () => (await projections()).as(principal),
    tenants: noTenants,
  };
}

async function auditAs(audit: Lazy<Audit>, principal: Principal) {
  const [{ auditFor }, opened] = await Promise.all([import('../auth/audit/audit-log.ts'), audit()]);
  return auditFor(opened, principal);
}

/** Only the server itself has other wikis; this one may be the only one. */
async function noTenants(): Promise<never> {
  const { tenantsOff } = await import('../tenant/errors.ts');
  throw tenantsOff();
}

import type { Audit } from '../auth/audit/audit.ts';
import type { TokenService } from '../auth/token/token-service.ts';
import type { Users } from '../auth/user/users.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { WholeWiki } from '../wiki/wiki.ts';
import type { DraftHandles } from './drafts.ts';
import type { Lazy } from './lazy.ts';
import type { LocalSearch } from './open-search.ts';
import type { PolicyHandles } from './policy.ts';
import type { State } from './state.ts';

/** What one wiki is made of without what follows from its commits; each part comes to be on its first use. */
export interface WikiOwnParts {
  readonly wikiId: Lazy<string>;
  readonly repository: Lazy<LedgerRepository>;
  readonly wiki: Lazy<WholeWiki>;
  readonly search: Lazy<LocalSearch>;
  readonly tokens: Lazy<TokenService>;
  readonly state: Lazy<State>;
  readonly users: Lazy<Users>;
  readonly audit: Lazy<Audit>;
  readonly drafts: DraftHandles;
  readonly policies: PolicyHandles;
}

import type { Logger } from '../../core/log.ts';
import type { StateDatabase } from '../../db/state/state-database.ts';
import type { StateTables } from '../../db/state/state-schema.ts';
import type { OwnerNow } from '../token/tokens.ts';
import type { Passwords } from './passwords.ts';

/** Where tokens keep what their owners may do. */
export interface TokenOwners {
  /** Writes to each token of an owner what the owner is now. May be repeated freely. */
  updateOwner(ownerId: string, now: OwnerNow): Promise<void>;
}

/** What all that is done with the users of a wiki needs. */
export interface UsersContext {
  readonly database: StateDatabase<StateTables>;
  readonly passwords: Passwords;
  readonly owners: TokenOwners;
  readonly log: Pick<Logger, 'failure'>;
  /** How long entries of the audit log are kept. */
  readonly keepMs: number;
}

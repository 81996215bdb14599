import type { StateDatabase } from '../../db/state/state-database.ts';
import type { StateTables } from '../../db/state/state-schema.ts';
import type { TokenOwners } from './owner-changes.ts';
import type { Passwords } from './passwords.ts';

/** What all that is done with the users of a wiki needs. */
export interface UsersContext {
  readonly database: StateDatabase<StateTables>;
  readonly passwords: Passwords;
  readonly owners: TokenOwners;
  /** How long entries of the audit log are kept. */
  readonly keepMs: number;
}

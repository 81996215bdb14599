import type { Logger } from '../../core/log.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { StateDatabase } from '../../db/state/state-database.ts';
import type { StateTables } from '../../db/state/state-schema.ts';
import { type AccountLinks, accountLinks } from '../link/account-links.ts';
import type { LinkSigning } from '../link/signed.ts';
import type { Principal } from '../principal.ts';
import { administerUsers } from './administer-users.ts';
import type { TokenOwners } from './context.ts';
import { type OwnAccount, ownAccount } from './own-account.ts';
import { finishOwnerChanges } from './owner-changes.ts';
import { Passwords } from './passwords.ts';
import type { UserAdministration } from './user-administration.ts';
import { createUserDirectory, type UserDirectory } from './user-directory.ts';

/** The users of one wiki. */
export interface Users extends UserDirectory {
  /** The users as one caller may see and change them. */
  administeredBy(principal: Principal): UserAdministration;
  /** The caller itself. */
  accountOf(principal: Principal): OwnAccount;
  /** What links in mails do. */
  links(signing: LinkSigning): AccountLinks;
  /**
   * Tells tokens of changes of their owners that a process which ended has left untold. Makes no database.
   * @returns of how many users
   */
  finish(): Promise<number>;
}

export interface UsersOptions {
  database: StateDatabase<StateTables>;
  owners: TokenOwners;
  runtime: Pick<Runtime, 'now' | 'randomBytes'>;
  log: Pick<Logger, 'failure'>;
  /** How long entries of the audit log are kept. */
  keepMs: number;
}

export function createUsers({ database, owners, runtime, log, keepMs }: UsersOptions): Users {
  const passwords = new Passwords(runtime);
  const context = { database, passwords, owners, log, keepMs };
  const now = () => runtime.now();
  return {
    ...createUserDirectory({ database, passwords, log, now }),
    administeredBy: principal => administerUsers(principal, context),
    accountOf: principal => ownAccount(principal, context),
    links: signing => accountLinks(signing, context, now),
    finish: async () => ((await database.exists()) ? await finishOwnerChanges(context) : 0),
  };
}
